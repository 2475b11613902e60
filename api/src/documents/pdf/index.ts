/** Word to PDF: a native LibreOffice where one is installed, else the one compiled to WebAssembly; both in a child process. */
import type { Fonts } from '../fonts.ts';
import { missingPart } from '../word-file.ts';
import { refusedFile } from './problems.ts';
import { findNative, createNative } from './native.ts';
import { createWasm } from './wasm.ts';

export interface WordToPdf {
  /**
   * One after the other.
   * @throws Problem `not-converted` where the file is no Word file or takes too long; nobody has to try it again
   */
  convert(docx: Buffer): Promise<Buffer>;
  stop(): Promise<void>;
}

/** Starts nothing before the first conversion. `dataDir` takes what the WebAssembly needs beside its package. */
export function createWordToPdf(deps: { fonts: Fonts; dataDir: string }): WordToPdf {
  const native = findNative();
  const words = native ? createNative(native) : createWasm(deps);
  return {
    async convert(docx) {
      const missing = missingPart(docx);
      if (missing) throw refusedFile(missing);
      return words.convert(docx);
    },
    stop: words.stop,
  };
}
