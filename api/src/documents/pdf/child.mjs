/**
 * The child process with LibreOffice in it: takes Word files over IPC, one at a time, and answers PDFs. Plain JavaScript,
 * because its threads would inherit a TypeScript loader and break down with it.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { createConverter } from '@matbee/libreoffice-converter/server';

const [folder, ...fonts] = process.argv.slice(2);
const converter = await createConverter({
  wasmPath: folder,
  wasmLoader: createRequire(import.meta.url)(`${folder}/loader.cjs`),
  fonts: fonts.map((file) => ({ filename: basename(file), data: new Uint8Array(readFileSync(file)) })),
});

process.on('message', async ({ docx }) => {
  try {
    const { data } = await converter.convert(
      new Uint8Array(docx),
      { inputFormat: 'docx', outputFormat: 'pdf' },
      'document.docx',
    );
    process.send({ pdf: data });
  } catch (error) {
    process.send({ error: error instanceof Error ? error.message : String(error) });
  }
});
process.on('disconnect', () => process.exit(0));
process.send({ ready: true });
