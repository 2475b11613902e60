/** For tests: a database of its own with all tables, copied from a template that is made once per state of `migrations/`. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import knex, { type Knex } from 'knex';
import pg from 'pg';
import { pino } from 'pino';
import { openBench, type Bench, type BenchDatabase } from '../../../engine-adapters/launcher/bench-client.ts';
import { createTime, type Core, type Settings } from '../core/index.ts';
import { migrate } from '../main/migrate.ts';

export interface TestWorld extends Pick<Core, 'db' | 'time' | 'log' | 'settings'> {
  /** URLs of the three roles; `db` works as app_run. */
  database: BenchDatabase;
  bench: Bench;
  /** A connection as another role, closed with the world. */
  connect(url: string): Knex;
  close(): Promise<void>;
}

export async function createTestWorld(settings: Partial<Settings> = {}): Promise<TestWorld> {
  const bench = await openBench();
  const database = await bench.createDatabase({ template: await migratedTemplate(bench) });
  const connections: Knex[] = [];
  const connect = (url: string) => {
    const db = knex({ client: 'pg', connection: url, pool: { min: 0, max: 8 } });
    connections.push(db);
    return db;
  };
  return {
    bench,
    database,
    connect,
    db: connect(database.runUrl),
    time: createTime(),
    log: pino({ level: 'silent' }),
    settings: { ...SETTINGS, ...settings },
    async close() {
      await Promise.all(connections.map((db) => db.destroy()));
      await database.drop();
    },
  };
}

const SETTINGS: Settings = {
  publicUrl: 'http://127.0.0.1',
  rootDivision: '520000',
  rootOffice: '52',
  production: false,
  demo: false,
  dataDir: '',
  sessionSecret: 'only for tests',
  maxUpload: 50 * 1024 * 1024,
};

/** Name of a database with today's migrations in it; two test runs at once make it once. */
export async function migratedTemplate(bench: Bench): Promise<string> {
  const directory = fileURLToPath(new URL('../../../migrations/', import.meta.url));
  const hash = createHash('sha256');
  for (const file of readdirSync(directory).sort()) hash.update(file).update(readFileSync(`${directory}${file}`));
  const name = `migrated_${hash.digest('hex').slice(0, 16)}`;
  const admin = new pg.Client({ connectionString: bench.adminUrl });
  await admin.connect();
  try {
    await admin.query(`select pg_advisory_lock(hashtext('migrated templates'))`);
    const { rowCount } = await admin.query('select from pg_database where datname = $1', [name]);
    if (rowCount) return name;
    const half = await bench.createDatabase();
    await migrate(half.appUrl);
    await admin.query(`alter database ${pg.escapeIdentifier(half.name)} rename to ${pg.escapeIdentifier(name)}`);
    return name;
  } finally {
    await admin.end();
  }
}
