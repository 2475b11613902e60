/** An app on a database and an engine of the test bench, whose executor is off, at an address of its own. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pino } from 'pino';
import { createCamunda7 } from '../../../engine-adapters/camunda7/index.ts';
import type { BenchDatabase, BenchEngine } from '../../../engine-adapters/launcher/bench-client.ts';
import { counterparts } from '../connectors/index.ts';
import { createTime, noFailpoints, openDatabase, type Core, type Failpoints, type Outside } from '../core/index.ts';
import type { WordToPdf } from '../documents/index.ts';
import { createFileStore } from '../files/index.ts';
import { createApp, type App } from './app.ts';
import { keyFileOf } from './data-dir.ts';

export interface SiteOptions {
  /** On the database; closed with the site. */
  opened: BenchEngine;
  /** Migrated; nobody else works on it. */
  database: BenchDatabase;
  dataDir: string;
  /** When its time begins. */
  at: Date;
  /** Not stopped with the site. */
  words: WordToPdf;
  /** The roles that the packages of this site name. */
  rolesFile: string;
  /** Built web pages to serve. */
  webDir?: string;
  /** Where a test cuts or delays. */
  failpoints?: Failpoints;
}

export interface Site {
  /** Such as `http://127.0.0.1:4711`. */
  url: string;
  app: App;
  core: Core;
  /** The engine itself, for what the port doesn't offer. */
  engineRest: { url: string; token: string };
  /** What would have left the house. */
  sent: Parameters<Outside['send']>[0][];
  /** Database and folder stay. */
  close(): Promise<void>;
}

export async function openSite(options: SiteOptions): Promise<Site> {
  const { opened, database, dataDir, at, words, rolesFile, webDir, failpoints = noFailpoints } = options;
  const db = openDatabase(database.runUrl, { max: 12 });
  const engine = createCamunda7({ url: opened.url, token: opened.token });
  const time = createTime(at.getTime() - Date.now());
  const sent: Site['sent'] = [];
  const systems = counterparts();
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const core: Core = {
    db,
    engine,
    time,
    files: await createFileStore({ db, time }, { dir: join(dataDir, 'files'), keyFile: keyFileOf(dataDir) }),
    outside: { send: (message) => Promise.resolve(void sent.push(message)), call: async (call) => systems(call) },
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
    failpoints,
    log: pino({ level: process.env.LOG_LEVEL ?? 'silent' }),
  };
  const app = await createApp(core, { databaseUrl: database.runUrl, words, rolesFile, ...(webDir && { webDir }) });
  server.on('request', app.http);
  return {
    url,
    app,
    core,
    engineRest: { url: opened.url, token: opened.token },
    sent,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await app.close();
      await engine.close();
      await db.destroy();
      await opened.close();
    },
  };
}
