import type { Knex } from 'knex';
import type { z } from 'zod';

/** Something that administrators change while the product runs. Each area declares its own. */
export interface Setting<T = unknown> {
  key: string;
  title: { zh: string; en: string };
  /** What it does, in which unit, and where the default comes from. */
  help: { zh: string; en: string };
  schema: z.ZodType<T>;
  /** What holds where nobody has set it. */
  fallback: T;
}

export async function readSetting<T>(db: Knex, { key, fallback }: Pick<Setting<T>, 'key' | 'fallback'>): Promise<T> {
  const row = await db('setting').where({ key }).first('value');
  return row ? (row.value as T) : fallback;
}
