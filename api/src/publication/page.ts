/** Keyset paging by moment and id, newest first; shared by the public lists and those of the offices. */
import type { Knex } from 'knex';
import { z } from 'zod';
import { invalidInput } from '../core/index.ts';

export const PAGE = 20;

export const pageQuery = {
  list: z.string().max(60).optional(),
  /** Words that all have to occur in title or fields. */
  q: z.string().max(100).default(''),
  /** `next` of the page before. */
  after: z.string().max(80).optional(),
};

/** Limits a query over publications `p` to one page and one row more. */
export function paged(query: Knex.QueryBuilder, { list, q, after }: { list?: string; q: string; after?: string }) {
  if (list) query.where('p.list', list);
  for (const word of q.split(/\s+/).filter(Boolean))
    if (word.length > 1) query.whereRaw('p.words @> bigrams(?)', [word]);
    else query.whereRaw(`p.title like ?`, [`%${word.replace(/[\\%_]/g, (x) => `\\${x}`)}%`]);
  if (after) query.whereRaw('(p.published_at, p.id) < (?, ?)', keyOf(after));
  return query
    .orderBy([
      { column: 'p.published_at', order: 'desc' },
      { column: 'p.id', order: 'desc' },
    ])
    .limit(PAGE + 1);
}

/** The page's rows and what the next page is asked with. */
export function cut<T extends { id: string; published_at: Date }>(rows: T[]): { shown: T[]; next: string | null } {
  const shown = rows.slice(0, PAGE);
  const last = shown.at(-1);
  return { shown, next: rows.length > PAGE && last ? `${last.published_at.toISOString()}_${last.id}` : null };
}

function keyOf(after: string): [string, string] {
  const [at = '', id = ''] = after.split('_');
  if (!z.iso.datetime().safeParse(at).success || !z.uuid().safeParse(id).success)
    throw invalidInput({
      fields: [{ path: 'after', zh: '取上一页的 next', en: 'Take it from `next` of the page before' }],
    });
  return [at, id];
}
