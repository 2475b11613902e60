import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { dropDatabase, prepareDatabase, type Database } from './database.ts';
import { engineSchema } from './engine-jar.ts';
import type { Java } from './java.ts';
import { holderOf } from './lock.ts';

/** What a running bench writes into its file. `pid` is that of the bench itself. */
export interface BenchFile {
  adminUrl: string;
  engineUrl: string;
  token: string;
  pid: number;
  java: Java;
  jar: string;
}

/** The database with nothing but roles, schemas, rights and the engine's tables in it. */
export const TEMPLATE = 'bench_template';

export interface Bench extends BenchFile {
  /** Its own folder, for what belongs to its databases. */
  folder: string;
  /** Makes a database by copying `template` (default {@link TEMPLATE}); its name is random where none is given. */
  createDatabase(o?: { name?: string; template?: string }): Promise<BenchDatabase>;
  /** Opens an engine of the sandbox on the database. */
  openEngine(database: Database, o?: { name?: string; executor?: boolean }): Promise<BenchEngine>;
}

export interface BenchDatabase extends Database {
  name: string;
  /** Drops it, whoever is connected. Close its engine first. */
  drop(): Promise<void>;
}

export interface BenchEngine {
  name: string;
  /** REST base of this engine, for example `http://127.0.0.1:4711/engine-rest/engine/b1f0`. */
  url: string;
  token: string;
  close(): Promise<void>;
}

/** The running bench: of the file in TEST_BENCH, else of `.data/bench`; started when none is alive. */
export async function openBench(): Promise<Bench> {
  const file = process.env.TEST_BENCH ?? fileURLToPath(new URL('../../.data/bench/bench.json', import.meta.url));
  return client(alive(file) ?? (await startBench(file)), dirname(file));
}

/** The lock that a running bench holds. */
export const lockOf = (file: string) => `${file}.lock`;

function alive(file: string): BenchFile | undefined {
  if (holderOf(lockOf(file)) === undefined) return undefined;
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

async function startBench(file: string): Promise<BenchFile> {
  const dataDir = dirname(file);
  mkdirSync(dataDir, { recursive: true });
  const log = join(dataDir, 'bench.log');
  const output = openSync(log, 'w');
  const program = fileURLToPath(new URL('./bench.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', program], {
    env: { ...process.env, BENCH_DIR: dataDir },
    detached: true,
    stdio: ['ignore', output, output],
  });
  child.unref();
  let ended = false;
  child.once('exit', () => (ended = true));
  for (;;) {
    const bench = alive(file);
    if (bench) return bench;
    if (ended && holderOf(lockOf(file)) === undefined) throw new Error(`The test bench did not start, see ${log}`);
    await pause(100);
  }
}

function client(bench: BenchFile, folder: string): Bench {
  const schema = engineSchema(bench.jar);
  const sandbox = `${bench.engineUrl}/sandbox/engines`;
  const headers = { 'x-engine-token': bench.token, 'content-type': 'application/json' };
  return {
    ...bench,
    folder,
    async createDatabase({ name = `t_${randomBytes(5).toString('hex')}`, template = TEMPLATE } = {}) {
      const { adminUrl } = bench;
      const database = await prepareDatabase({ adminUrl, name, schema, template });
      return { ...database, name, drop: () => dropDatabase({ adminUrl, name }) };
    },
    async openEngine(database, { name = `e${randomBytes(5).toString('hex')}`, executor = false } = {}) {
      const { host, pathname, username, password } = new URL(database.engineUrl);
      const wanted = { name, jdbcUrl: `jdbc:postgresql://${host}${pathname}`, user: username, password, executor };
      const answer = await fetch(sandbox, { method: 'POST', headers, body: JSON.stringify(wanted) });
      if (answer.status !== 201)
        throw new Error(`The sandbox refused to open an engine: ${answer.status} ${await answer.text()}`);
      const close = async () => void (await fetch(`${sandbox}/${name}`, { method: 'DELETE', headers }));
      return { name, url: `${bench.engineUrl}/engine-rest/engine/${name}`, token: bench.token, close };
    },
  };
}
