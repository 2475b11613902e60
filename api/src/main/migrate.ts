/** Brings the tables of schema app to the newest state: `DATABASE_URL` names the database as role app. */
import knex from 'knex';
import { fileURLToPath } from 'node:url';

/** Runs all migrations that are not yet there; two copies at once wait for one another. */
export async function migrate(url: string): Promise<string[]> {
  const db = knex({ client: 'pg', connection: url, searchPath: ['app'], pool: { min: 1, max: 1 } });
  try {
    await db.raw(`select pg_advisory_lock(hashtext('zhunyu migrations'))`);
    const directory = fileURLToPath(new URL('../../../migrations', import.meta.url));
    const [, done] = await db.migrate.latest({
      directory,
      extension: 'ts',
      loadExtensions: ['.ts'],
      schemaName: 'app',
      tableName: 'migration',
    });
    return done as string[];
  } finally {
    await db.destroy();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const url = process.env.DATABASE_URL;
  if (!url) throw new Error('DATABASE_URL is missing');
  const done = await migrate(url);
  process.stdout.write(done.length > 0 ? `${done.length} migrations\n` : 'up to date\n');
}
