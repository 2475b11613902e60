/**
 * The child process with LibreOffice in it: takes Word files over IPC, one at a time, and answers PDFs. Plain JavaScript,
 * because its threads would inherit a TypeScript loader and break down with it.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { Worker } from 'node:worker_threads';
import { createConverter } from '@matbee/libreoffice-converter/server';

const FONTS = '/instdir/share/fonts/truetype';
/** Stand-ins for the usual Latin fonts, and the symbols of lists. */
const KEPT = /^(Liberation(Sans|Serif)-(Regular|Bold)|opens___|fc_local)/;

/**
 * LibreOffice keeps this thread busy, so another one looks, every second, whether the parent still is there, and whether
 * anything is done: on a fast start its threads now and then wait for each other for ever. Five seconds with next to no
 * processor time end the process, and the parent begins another one.
 */
const WATCH = `
  const { workerData: { parent, atWork } } = require('node:worker_threads');
  const end = () => process.kill(process.pid, 'SIGKILL');
  let last = process.cpuUsage();
  let idle = 0;
  setInterval(() => {
    if (process.ppid !== parent) end();
    const { user, system } = process.cpuUsage(last);
    last = process.cpuUsage();
    idle = atWork[0] === 1 && user + system < 100_000 ? idle + 1 : 0;
    if (idle === 5) end();
  }, 1000);
`;

const [parent, folder, ...fonts] = process.argv.slice(2);
const atWork = new Int32Array(new SharedArrayBuffer(4)).fill(1);
new Worker(WATCH, { eval: true, workerData: { parent: Number(parent), atWork } }).unref();
process.on('disconnect', () => process.exit(0));
const loader = createRequire(import.meta.url)(`${folder}/loader.cjs`);

/**
 * Leaves out most fonts of the package: a thread reads through each of them in 70,000 small steps and waits up to a
 * millisecond for this one at every step, more than a minute on a busy machine.
 */
async function createModule(config) {
  const module = await loader.createModule(config);
  for (const file of module.FS.readdir(FONTS)) {
    if (!/^\.+$/.test(file) && !KEPT.test(file)) module.FS.unlink(`${FONTS}/${file}`);
  }
  return module;
}

const converter = await createConverter({
  wasmPath: folder,
  wasmLoader: { ...loader, createModule },
  fonts: fonts.map((file) => ({ filename: basename(file), data: new Uint8Array(readFileSync(file)) })),
});

/** Damaged parts are errors then, where LibreOffice would ask somebody or leave out the rest of the text. */
const { lokBindings } = converter;
lokBindings.documentLoad = (path) => lokBindings.documentLoadWithOptions(path, 'Batch=true');

process.on('message', async ({ docx }) => {
  atWork[0] = 1;
  try {
    const { data } = await converter.convert(
      new Uint8Array(docx),
      { inputFormat: 'docx', outputFormat: 'pdf' },
      'document.docx',
    );
    process.send({ pdf: data });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    process.send(/Failed to load document/.test(message) ? { refused: message } : { error: message });
  }
  atWork[0] = 0;
});
process.send({ ready: true });
atWork[0] = 0;
