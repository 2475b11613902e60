import type { Knex } from 'knex';

/** A setting that administrators change while the product runs; `fallback` where nobody has set it. */
export async function readSetting<T>(db: Knex, key: string, fallback: T): Promise<T> {
  const row = await db('setting').where({ key }).first('value');
  return row ? (row.value as T) : fallback;
}
