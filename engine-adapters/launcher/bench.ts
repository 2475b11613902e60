/** The test bench: one PostgreSQL without fsync and one sandbox JVM, until SIGTERM. `openBench()` finds it. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { TEMPLATE, lockOf, type BenchFile } from './bench-client.ts';
import { dropDatabase, prepareDatabase } from './database.ts';
import { buildEngineJar, engineSchema } from './engine-jar.ts';
import { startEngine } from './engine.ts';
import { findJava } from './java.ts';
import { takeLock } from './lock.ts';
import { startPostgres } from './postgres.ts';
import { freePort } from './processes.ts';
import { openSecrets } from './secrets.ts';

const dataDir = process.env.BENCH_DIR ?? fileURLToPath(new URL('../../.data/bench', import.meta.url));
const file = join(dataDir, 'bench.json');
const report = (line: string) => console.log(line);

const lock = takeLock(lockOf(file));
if (!lock) {
  report(`a bench is already running or starting: ${file}`);
  process.exit();
}
rmSync(file, { force: true });
const postgres = await startPostgres({ dataDir, report, durable: false });
await dropDatabases(postgres.adminUrl);
for (const folder of ['grounds', 'worlds']) rmSync(join(dataDir, folder), { recursive: true, force: true });
const java = await findJava({ dataDir, report });
const jar = await buildEngineJar({ dataDir, java, report });
await prepareDatabase({ adminUrl: postgres.adminUrl, name: TEMPLATE, schema: engineSchema(jar) });
const token = openSecrets(dataDir).get('engine-token');
const logFile = join(dataDir, 'engine.log');
const engine = await startEngine({ java, jar, port: await freePort(), token, executor: false, sandbox: true, logFile });

async function end(): Promise<void> {
  rmSync(file, { force: true });
  lock?.release();
  await engine.stop();
  await postgres.stop();
  process.exit();
}
process.once('SIGTERM', end).once('SIGINT', end);

const bench: BenchFile = { adminUrl: postgres.adminUrl, engineUrl: engine.url, token, pid: process.pid, java, jar };
writeFileSync(`${file}.new`, JSON.stringify(bench, null, 2), { mode: 0o600 });
renameSync(`${file}.new`, file);
report(`bench ready: ${file}`);
await engine.ended;
report(`the engine ended, see ${logFile}`);
await end();

/** What killed tests left, and templates that an older state of the sources made. */
async function dropDatabases(adminUrl: string): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  const { rows } = await admin.query(
    `select datname from pg_database where not datistemplate and datname <> 'postgres'`,
  );
  for (const { datname } of rows) await dropDatabase({ adminUrl, name: datname });
  await admin.end();
}
