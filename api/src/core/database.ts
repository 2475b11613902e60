import knex, { type Knex } from 'knex';
import pg from 'pg';

const DATE = 1082;

export interface DatabaseOptions {
  min?: number;
  max?: number;
  /**
   * Each connection reads and plans a statement once, also for other values: a third less work for PostgreSQL where the
   * same ones come thousands of times. For processes that end before tables change or grow large: what was planned for
   * small tables stays.
   */
  keepsStatements?: boolean;
}

/**
 * A pool of connections. Columns of type `date` come as text `2026-11-21`: a calendar day has no time zone, and the
 * driver's own reading would make it midnight of wherever the process runs.
 */
export function openDatabase(
  connectionString: string,
  { min = 0, max = 20, keepsStatements = false }: DatabaseOptions = {},
): Knex {
  const types = {
    getTypeParser: (oid: number, format?: 'text' | 'binary') =>
      oid === DATE ? String : pg.types.getTypeParser(oid, format as 'text'),
  };
  return knex({
    client: 'pg',
    connection: { connectionString, types } as Knex.PgConnectionConfig,
    pool: { min, max, ...(keepsStatements && { afterCreate: createNaming() }) },
    acquireConnectionTimeout: 10_000,
  });
}

/** PostgreSQL keeps statements that have names: each text gets its own, on every connection the same. */
function createNaming() {
  const names = new Map<string, string>();

  function named(query: pg.QueryConfig): pg.QueryConfig {
    if (!query.values?.length) return query;
    const name = names.get(query.text) ?? `kept_${names.size}`;
    names.set(query.text, name);
    return { ...query, name };
  }

  return (connection: pg.Client, made: (error: Error | null, connection: pg.Client) => void): void => {
    const send = connection.query.bind(connection) as (...given: unknown[]) => unknown;
    const query = (asked: pg.QueryConfig | string, ...rest: unknown[]) =>
      send(typeof asked === 'string' ? asked : named(asked), ...rest);
    connection.query = query as typeof connection.query;
    made(null, connection);
  };
}
