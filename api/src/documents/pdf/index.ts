/** Word to PDF: a native LibreOffice where one is installed, else the one compiled to WebAssembly; both in a child process. */
import type { Fonts } from '../fonts.ts';
import { findNative, createNative } from './native.ts';
import { createWasm } from './wasm.ts';

export interface WordToPdf {
  /** One after the other. Throws when the file cannot be converted, or not in time. */
  convert(docx: Buffer): Promise<Buffer>;
  stop(): Promise<void>;
}

/** Starts nothing before the first conversion. `dataDir` takes what the WebAssembly needs beside its package. */
export function createWordToPdf(deps: { fonts: Fonts; dataDir: string }): WordToPdf {
  const native = findNative();
  return native ? createNative(native) : createWasm(deps);
}
