import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { WordToPdf } from './index.ts';

const run = promisify(execFile);
const LONGEST_MS = 30_000;

/** `SOFFICE`, or the program on the path. */
export function findNative(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  if (environment.SOFFICE) return environment.SOFFICE;
  return (environment.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => [join(folder, 'soffice'), join(folder, 'libreoffice')])
    .find((file) => existsSync(file));
}

/** One process per document, each with a profile of its own, so that none waits for another. */
export function createNative(program: string): WordToPdf {
  return {
    async convert(docx) {
      const folder = await mkdtemp(join(tmpdir(), 'zhunyu-pdf-'));
      try {
        await writeFile(join(folder, 'document.docx'), docx);
        const profile = `-env:UserInstallation=file://${join(folder, 'profile')}`;
        await run(
          program,
          [profile, '--headless', '--convert-to', 'pdf', '--outdir', folder, join(folder, 'document.docx')],
          { timeout: LONGEST_MS },
        );
        return await readFile(join(folder, 'document.pdf'));
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    stop: () => Promise.resolve(),
  };
}
