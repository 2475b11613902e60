import knex, { type Knex } from 'knex';
import pg from 'pg';

const DATE = 1082;

/**
 * A pool of connections. Columns of type `date` come as text `2026-11-21`: a calendar day has no time zone, and the
 * driver's own reading would make it midnight of wherever the process runs.
 */
export function openDatabase(connectionString: string, pool: { min?: number; max?: number } = {}): Knex {
  const types = {
    getTypeParser: (oid: number, format?: 'text' | 'binary') =>
      oid === DATE ? String : pg.types.getTypeParser(oid, format as 'text'),
  };
  return knex({
    client: 'pg',
    connection: { connectionString, types } as Knex.PgConnectionConfig,
    pool: { min: pool.min ?? 0, max: pool.max ?? 20 },
    acquireConnectionTimeout: 10_000,
  });
}
