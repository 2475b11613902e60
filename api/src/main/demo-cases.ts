/**
 * Plays the demonstration's stories into a database that nobody has worked in, with time that moves; run by the first
 * `npm start` with `DEMO=1`, before the api and the workers, while the engine runs no jobs by itself. The cases begin
 * when standard input ends: then the engine is there, with the flows.
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFonts, createWordToPdf } from '../documents/index.ts';
import { createApp } from './app.ts';
import {
  DEMO_PASSWORD,
  opensAt,
  playStories,
  provinceAccounts,
  readErrands,
  readStories,
  seedDemo,
  seedProvince,
} from './demonstration/index.ts';
import { openProcess } from './process.ts';

const SMALL = new URL('../../../templates/shared/proof-of-service.docx', import.meta.url);

const password = process.env.DEMO_PASSWORD || DEMO_PASSWORD;
const say = (text: string) => void process.stdout.write(`${text}\n`);
const stories = await readStories();
const today = new Date();

const server = createServer();
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;
const parts = await openProcess(
  {
    LOG_LEVEL: 'error',
    ...process.env,
    PORT: String(port),
    TIME_OFFSET: String(opensAt(today, stories).getTime() - today.getTime()),
  },
  { keepsStatements: true },
);
const words = createWordToPdf({ fonts: createFonts(), dataDir: parts.core.settings.dataDir });
// The first document of a process takes seconds; meanwhile people are made.
const warm = words.convert(await readFile(SMALL));
const app = await createApp(parts.core, { ...parts.options, words });
server.on('request', app.http);

await seedDemo({ core: parts.core, ...app }, password);
await seedProvince({ core: parts.core, ...app }, password);
for await (const _ of process.stdin);
// The product goes on by itself while people act, as it does in real life.
await app.startWorkers();
say(`${stories.length} 件 cases`);
let told = 0;
await playStories(
  { url: `http://127.0.0.1:${port}`, time: parts.core.time, engine: parts.core.engine, quiet: app.quiet },
  stories,
  {
    cast: await provinceAccounts(password),
    today,
    errands: await readErrands(),
    report({ done, of, day }) {
      const tenth = Math.floor((10 * done) / of);
      if (tenth > told) say(`${day} ${tenth * 10} %`);
      told = tenth;
    },
  },
);

await warm;
server.closeAllConnections();
server.close();
await app.close();
await words.stop();
await parts.close();
