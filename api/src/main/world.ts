/**
 * A whole product of its own for one scenario or test: a database, an engine with the executor off, an app with its
 * workers, people in every role. Nothing in it reaches anything real; what would leave the house is recorded.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { createCamunda7 } from '../../../engine-adapters/camunda7/index.ts';
import { openBench } from '../../../engine-adapters/launcher/bench-client.ts';
import type { EnginePort } from '../../../engine-adapters/port/index.ts';
import { createTime, noFailpoints, openDatabase, type Core, type Outside, type Time } from '../core/index.ts';
import { migratedTemplate } from '../core/testing.ts';
import type { WordToPdf } from '../documents/index.ts';
import { createFileStore } from '../files/index.ts';
import type { Folders, Place } from '../flows/index.ts';
import { createApp, type App } from './app.ts';
import { keyFileOf } from './data-dir.ts';
import { seedDemo } from './demonstration.ts';
import { knownTopics } from './known-topics.ts';

const folder = (name: string) => fileURLToPath(new URL(`../../../${name}`, import.meta.url));

export interface World {
  /** Address of the app, such as `http://127.0.0.1:4711`. */
  url: string;
  app: App;
  core: Core;
  time: Time;
  engine: EnginePort;
  /** What would have left the house. */
  sent: Parameters<Outside['send']>[0][];
  /** People by their title (受理岗, 申请人 …). */
  people: Record<string, { login: string; password: string }>;
  databaseUrl: string;
  /** The engine itself, for what the port doesn't offer. */
  engineRest: { url: string; token: string };
  quiet(): Promise<void>;
  close(): Promise<void>;
}

export interface WorldOptions {
  /** When its time begins; default now. */
  at?: Date;
  folders?: Folders;
  /** A package to release beside the flows. */
  place?: Place;
  rolesFile?: string;
  /** One converter for several worlds. */
  words?: WordToPdf;
  /** Built web pages to serve. */
  webDir?: string;
  /** False: without people and calendar. */
  people?: boolean;
  logLevel?: string;
}

export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const bench = await openBench();
  const database = await bench.createDatabase({ template: await migratedTemplate(bench) });
  const opened = await bench.openEngine(database);
  const dataDir = await mkdtemp(join(tmpdir(), 'zhunyu-world-'));
  const db = openDatabase(database.runUrl, { max: 12 });
  const engine = createCamunda7({ url: opened.url, token: opened.token });
  const time = createTime(options.at ? options.at.getTime() - Date.now() : 0);
  const sent: World['sent'] = [];
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const core: Core = {
    db,
    engine,
    time,
    files: await createFileStore({ db, time }, { dir: join(dataDir, 'files'), keyFile: keyFileOf(dataDir) }),
    outside: { send: (message) => Promise.resolve(void sent.push(message)) },
    settings: {
      publicUrl: url,
      rootDivision: '520000',
      rootOffice: '52',
      production: false,
      demo: false,
      dataDir,
      sessionSecret: 'a world of its own',
      maxUpload: 50 * 2 ** 20,
    },
    failpoints: noFailpoints,
    log: pino({ level: options.logLevel ?? process.env.LOG_LEVEL ?? 'silent' }),
  };
  const app = await createApp(core, {
    databaseUrl: database.runUrl,
    ...(options.words && { words: options.words }),
    ...(options.webDir && { webDir: options.webDir }),
    ...(options.rolesFile && { rolesFile: options.rolesFile }),
  });
  server.on('request', app.http);
  const folders = options.folders ?? { workflows: folder('workflows'), templates: folder('templates') };
  await app.flows.release(folders, { by: null, topics: knownTopics() });
  if (options.place && options.place.kind !== 'flow')
    await app.flows.release(folders, { by: null, topics: knownTopics(), places: [options.place] });
  const people = options.people === false ? {} : await seedDemo({ core, ...app });

  return {
    url,
    app,
    core,
    time,
    engine,
    sent,
    people,
    databaseUrl: database.runUrl,
    engineRest: { url: opened.url, token: opened.token },
    quiet: app.quiet,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await app.close();
      await engine.close();
      await db.destroy();
      await opened.close();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
