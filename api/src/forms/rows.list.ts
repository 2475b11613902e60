import type { Knex } from 'knex';
import type { Row } from '../../../contracts/api/index.ts';
import { isRowDecisions, type CompiledTable } from '../../../contracts/forms/index.ts';
import { invalidInput } from '../core/index.ts';
import { bindings, gone, numbered, rowOf } from './rows.repository.ts';
import { toRow, versionShown } from './rows.view.ts';
import { numberedRulings, rulingBindings, shownOf } from './rulings.ts';
import type { Session } from './session.ts';
import { tableFindings } from './table-findings.ts';
import type { Data } from './versions.ts';

export interface RowQuery {
  after?: string;
  limit: number;
  q?: string;
  only?: 'problems' | 'changed';
  /** Version that changes are told against; default the one before. */
  since?: number;
}

/** A page of a table, in its order, with the findings of each row. */
export async function listRows(
  db: Knex,
  session: Session,
  table: CompiledTable,
  { after, limit, q, only, since }: RowQuery,
): Promise<{ rows: Row[]; total: number; next: string | null }> {
  const { field } = table;
  const rulings = isRowDecisions(field) ? field : null;
  const version = await versionShown(db, session);
  const place = { ...session.place, table: field.key };
  const others = await tableFindings(db, session.form, place, version);
  const from = since ?? version - 1;
  const given: (string | number)[] = rulings ? rulingBindings(place, rulings, version) : bindings(place, version);

  const filters = ['true'];
  const values: (string | number | string[])[] = [];
  if (only === 'problems') {
    filters.push(`(problems is not null or row_id = any(?) ${rulings ? 'or untouched' : ''})`);
    values.push([...others.keys()]);
  }
  if (only === 'changed') {
    filters.push('? >= 1 and from_version > ?');
    values.push(from, from);
  }
  const search = q
    ? `exists (select from jsonb_each_text(${rulings ? 'data || decided' : 'data'}) as e where e.value ilike ?)`
    : 'true';
  const words = q ? [`%${q.replace(/[\\%_]/g, '\\$&')}%`] : [];
  const found = `select *, false as gone from r where ${filters.join(' and ')} and ${search}`;
  const filtered =
    only === 'changed' && !rulings
      ? {
          sql: `with ${numbered}, ${gone}, f as (${found} union all select *, true from gone where ${search})`,
          bindings: [...given, ...bindings(place, from), ...values, ...words, ...words],
        }
      : {
          sql: `with ${rulings ? numberedRulings : numbered}, f as (${found})`,
          bindings: [...given, ...values, ...words],
        };
  const cursor = after === undefined ? null : readCursor(after);
  const count = await db.raw(`${filtered.sql} select count(*)::int as total from f`, filtered.bindings);
  const page = await db.raw(
    `${filtered.sql} select * from f where ${cursor ? '(position, id) > (?, ?)' : 'true'} order by position, id limit ?`,
    [...filtered.bindings, ...(cursor ?? []), limit + 1],
  );
  const shown = page.rows.slice(0, limit);
  const before = await earlier(db, place, from, shown);
  const last = shown.at(-1);
  return {
    total: count.rows[0].total,
    next: page.rows.length > limit ? `${last.position}:${last.id}` : null,
    rows: shown.map((row: Record<string, never>) => {
      const stored = rulings ? { ...rowOf(row), of: shownOf(rulings, row.decided) } : rowOf(row);
      if (row.gone) return { ...toRow(table, { ...stored, problems: null }, []), gone: true };
      const old = isLater(row, from) ? (before.get(stored.rowId) ?? {}) : undefined;
      return toRow(table, stored, others.get(stored.rowId) ?? [], old && changedOf(old, stored.data));
    }),
  };
}

const isLater = ({ from_version: from }: { from_version?: number | null }, version: number) =>
  version >= 1 && (from ?? 0) > version;

/** Old values of the columns that differ. */
function changedOf(old: Data, now: Data): Data {
  const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  const differing = keys.filter((key) => JSON.stringify(old[key]) !== JSON.stringify(now[key]));
  return Object.fromEntries(differing.map((key) => [key, old[key] ?? null]));
}

/** States in an earlier version, of rows that were changed since. */
async function earlier(
  db: Knex,
  { owner, form, table }: { owner: string; form: string; table: string },
  version: number,
  rows: { row_id: string; from_version: number | null }[],
): Promise<Map<string, Data>> {
  const ids = rows.filter((row) => isLater(row, version)).map((row) => row.row_id);
  if (ids.length === 0) return new Map();
  const found = await db('form_row')
    .where({ owner, form, table_id: table })
    .where('from_version', '<=', version)
    .where('to_version', '>=', version)
    .whereIn('row_id', ids)
    .select('row_id', 'data');
  return new Map(found.map((row: { row_id: string; data: Data }) => [row.row_id, row.data]));
}

function readCursor(after: string): [number, string] {
  const match = /^(\d{1,9}):(\d{1,18})$/.exec(after);
  if (!match)
    throw invalidInput({ fields: [{ path: 'after', zh: '用上一页给出的 next', en: 'Use `next` of the last page' }] });
  return [Number(match[1]), match[2]];
}
