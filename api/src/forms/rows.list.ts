import type { Knex } from 'knex';
import type { Row } from '../../../contracts/api/index.ts';
import { isRowDecisions, type CompiledTable } from '../../../contracts/forms/index.ts';
import { invalidInput } from '../core/index.ts';
import { bindings, numbered, rowOf } from './rows.repository.ts';
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
}

/** A page of a table, in its order, with the findings of each row. */
export async function listRows(
  db: Knex,
  session: Session,
  table: CompiledTable,
  { after, limit, q, only }: RowQuery,
): Promise<{ rows: Row[]; total: number; next: string | null }> {
  const { field } = table;
  const rulings = isRowDecisions(field) ? field : null;
  const version = await versionShown(db, session);
  const place = { ...session.place, table: field.key };
  const others = await tableFindings(db, session.form, place, version);
  const source = rulings ? numberedRulings : numbered;
  const given: (string | number)[] = rulings ? rulingBindings(place, rulings, version) : bindings(place, version);

  const filters = ['true'];
  const values: (string | number | string[])[] = [];
  if (q) {
    const searched = rulings ? 'data || decided' : 'data';
    filters.push(`exists (select from jsonb_each_text(${searched}) as e where e.value ilike ?)`);
    values.push(`%${q.replace(/[\\%_]/g, '\\$&')}%`);
  }
  if (only === 'problems') {
    filters.push(`(problems is not null or row_id = any(?) ${rulings ? 'or untouched' : ''})`);
    values.push([...others.keys()]);
  }
  if (only === 'changed') {
    filters.push('from_version = ? and from_version > 1');
    values.push(version);
  }
  const cursor = after === undefined ? null : readCursor(after);
  const filtered = `with ${source}, f as (select * from r where ${filters.join(' and ')})`;
  const count = await db.raw(`${filtered} select count(*)::int as total from f`, [...given, ...values]);
  const page = await db.raw(
    `${filtered} select * from f where ${cursor ? '(position, id) > (?, ?)' : 'true'} order by position, id limit ?`,
    [...given, ...values, ...(cursor ?? []), limit + 1],
  );
  const shown = page.rows.slice(0, limit);
  const before = rulings ? new Map<string, Data>() : await earlier(db, place, version, shown);
  const last = shown.at(-1);
  return {
    total: count.rows[0].total,
    next: page.rows.length > limit ? `${last.position}:${last.id}` : null,
    rows: shown.map((row: Record<string, never>) => {
      const stored = rulings ? { ...rowOf(row), of: shownOf(rulings, row.decided) } : rowOf(row);
      const old = row.from_version === version && version > 1 ? (before.get(stored.rowId) ?? {}) : undefined;
      return toRow(table, stored, others.get(stored.rowId) ?? [], old && changedOf(old, stored.data));
    }),
  };
}

/** Old values of the columns that differ. */
function changedOf(old: Data, now: Data): Data {
  const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  const differing = keys.filter((key) => JSON.stringify(old[key]) !== JSON.stringify(now[key]));
  return Object.fromEntries(differing.map((key) => [key, old[key] ?? null]));
}

/** States in the version before, of rows that are new in this one. */
async function earlier(
  db: Knex,
  { owner, form, table }: { owner: string; form: string; table: string },
  version: number,
  rows: { row_id: string; from_version: number }[],
): Promise<Map<string, Data>> {
  const ids = rows.filter((row) => row.from_version === version && version > 1).map((row) => row.row_id);
  if (ids.length === 0) return new Map();
  const found = await db('form_row')
    .where({ owner, form, table_id: table, to_version: version - 1 })
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
