/** LibreOffice's WebAssembly as it runs here: the package's files, one number changed. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * Its main thread waits for threads that can be made only while it isn't waiting. With the four that the package makes
 * ahead it hangs now and then on a machine of two cores; with twelve it never needs another one.
 */
const THREADS = { is: 'pthreadPoolSize=4', becomes: 'pthreadPoolSize=12' };

/** Folder with `loader.cjs`, made once per version of the package and place where it is installed: it links to its files. */
export function prepareModule(dataDir: string): string {
  const source = join(
    dirname(createRequire(import.meta.url).resolve('@matbee/libreoffice-converter/package.json')),
    'wasm',
  );
  const program = readFileSync(join(source, 'soffice.cjs'), 'utf8');
  if (!program.includes(THREADS.is))
    throw new Error('this version of LibreOffice has another number of threads; try whether it still needs more');
  const folder = join(
    dataDir,
    'libreoffice',
    createHash('sha256').update(program).update(THREADS.becomes).update(source).digest('hex').slice(0, 16),
  );
  if (existsSync(folder)) return folder;
  const making = `${folder}.${process.pid}`;
  mkdirSync(making, { recursive: true });
  writeFileSync(join(making, 'soffice.cjs'), program.replaceAll(THREADS.is, THREADS.becomes));
  for (const file of ['loader.cjs', 'soffice.worker.cjs'])
    writeFileSync(join(making, file), readFileSync(join(source, file)));
  for (const file of ['soffice.wasm', 'soffice.data']) symlinkSync(join(source, file), join(making, file));
  try {
    renameSync(making, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
  return folder;
}
