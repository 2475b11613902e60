import type { Knex } from 'knex';
import type { z } from 'zod';

type Text = { zh: string; en: string };

/** Something that administrators change while the product runs. Each area declares its own. */
export interface Setting<T = unknown> {
  key: string;
  title: Text;
  /** What it does, and where the default comes from. */
  help: Text;
  /** What its numbers count. */
  unit?: Text;
  /** What people read in place of the ids in its values. */
  words?: Record<string, Text>;
  schema: z.ZodType<T>;
  /** What holds where nobody has set it. */
  fallback: T;
}

/** Several at once, in their order. */
export async function readSettings<T extends unknown[]>(
  db: Knex,
  ...settings: { [I in keyof T]: Pick<Setting<T[I]>, 'key' | 'fallback'> }
): Promise<T> {
  const rows = await db('setting')
    .whereIn(
      'key',
      settings.map(({ key }) => key),
    )
    .select('key', 'value');
  const set = new Map(rows.map(({ key, value }) => [key, value]));
  return settings.map(({ key, fallback }) => (set.has(key) ? set.get(key) : fallback)) as T;
}

export async function readSetting<T>(db: Knex, { key, fallback }: Pick<Setting<T>, 'key' | 'fallback'>): Promise<T> {
  const row = await db('setting').where({ key }).first('value');
  return row ? (row.value as T) : fallback;
}
