/**
 * Rows of a form's tables. A row lives from its first version to its last: a change in a later version closes the old
 * row and adds a new one under the same row id, so that a version is read by its number and nothing is copied.
 */
import type { Knex } from 'knex';
import type { Finding } from '../../../contracts/api/index.ts';
import type { Data, Place } from './versions.ts';

export interface TablePlace extends Place {
  table: string;
}

export interface StoredRow {
  rowId: string;
  position: number;
  /** Place in the table, from 1. */
  number: number;
  data: Data;
  problems: Finding[] | null;
  edits: number;
}

export interface WrittenRow {
  rowId: string;
  data: Data;
  problems: Finding[] | null;
}

const rowsOfVersion = `
    select id, row_id, position, data, problems, edits, from_version, row_number() over (order by position, id)::int as number
    from form_row
    where owner = ? and form = ? and table_id = ? and from_version <= ? and (to_version is null or to_version >= ?)`;
/** `with r as (…)`: rows of a version, numbered. Bindings: owner, form, table, version, version. */
export const numbered = `r as (${rowsOfVersion})`;

/**
 * `gone as (…)` after `r`: rows of an earlier version that are not there any more, numbered as they were.
 * Bindings: those of the earlier version.
 */
export const gone = `gone as (select * from (${rowsOfVersion}) e where not exists (select from r where r.row_id = e.row_id))`;

export const bindings = ({ owner, form, table }: TablePlace, version: number) => [owner, form, table, version, version];

export async function allRows(db: Knex, place: TablePlace, version: number): Promise<StoredRow[]> {
  const { rows } = await db.raw(`with ${numbered} select * from r order by number`, bindings(place, version));
  return rows.map(rowOf);
}

export function rowOf(row: Record<string, never>): StoredRow {
  const { row_id, position, number, data, problems, edits } = row;
  return { rowId: row_id, position, number, data, problems, edits };
}

/** Rows by their ids, as they are worked on now. */
export async function rowsById(db: Knex, place: TablePlace, version: number, ids: string[]): Promise<StoredRow[]> {
  const { rows } = await db.raw(`with ${numbered} select * from r where row_id = any(?) order by number`, [
    ...bindings(place, version),
    ids,
  ]);
  return rows.map(rowOf);
}

export async function countRows(db: Knex, place: TablePlace, version: number): Promise<number> {
  const { rows } = await db.raw(`with ${numbered} select count(*)::int as count from r`, bindings(place, version));
  return rows[0].count;
}

/** Rows of an earlier version that a later one has no more. */
export async function countGone(
  db: Knex,
  place: TablePlace,
  { since, version }: { since: number; version: number },
): Promise<number> {
  const { rows } = await db.raw(`with ${numbered}, ${gone} select count(*)::int as count from gone`, [
    ...bindings(place, version),
    ...bindings(place, since),
  ]);
  return rows[0].count;
}

/** Adds rows at the end, or behind a row: those further down make room. */
export async function insertRows(
  trx: Knex.Transaction,
  place: TablePlace,
  version: number,
  rows: WrittenRow[],
  after?: string,
): Promise<void> {
  const { owner, form, table } = place;
  const here = { owner, form, table_id: table };
  const current = () => trx('form_row').where(here).whereNull('to_version');
  const last = after
    ? await current().where({ row_id: after }).first('position')
    : await current().max('position as position').first();
  const from: number = last?.position ?? 0;
  if (after) await current().where('position', '>', from).increment('position', rows.length);
  await trx.raw(
    `insert into form_row (owner, form, table_id, row_id, position, from_version, data, problems)
     select ?, ?, ?, r.id, ? + r.n, ?, r.data, r.problems
     from jsonb_to_recordset(?::jsonb) as r (id uuid, n int, data jsonb, problems jsonb)`,
    [owner, form, table, from, version, asRecords(rows)],
  );
}

/** Writes rows that are there: in place within a version, as a new state of the row in a later one. */
export async function changeRows(
  trx: Knex.Transaction,
  { owner, form, table }: TablePlace,
  version: number,
  rows: WrittenRow[],
): Promise<void> {
  await trx.raw(
    `with r as (select * from jsonb_to_recordset(?::jsonb) as r (id uuid, data jsonb, problems jsonb)),
     same as (
       update form_row f set data = r.data, problems = r.problems, edits = f.edits + 1 from r
       where f.owner = ? and f.form = ? and f.table_id = ? and f.row_id = r.id and f.to_version is null and f.from_version = ?),
     earlier as (
       update form_row f set to_version = ? - 1 from r
       where f.owner = ? and f.form = ? and f.table_id = ? and f.row_id = r.id and f.to_version is null and f.from_version < ?
       returning f.row_id, f.position, f.edits)
     insert into form_row (owner, form, table_id, row_id, position, from_version, data, problems, edits)
     select ?, ?, ?, r.id, e.position, ?, r.data, r.problems, e.edits + 1 from earlier e join r on r.id = e.row_id`,
    [
      asRecords(rows),
      ...[owner, form, table, version],
      ...[version, owner, form, table, version],
      ...[owner, form, table, version],
    ],
  );
}

export async function removeRows(
  trx: Knex.Transaction,
  { owner, form, table }: TablePlace,
  version: number,
  ids: string[],
): Promise<void> {
  const gone = trx('form_row').where({ owner, form, table_id: table }).whereNull('to_version').whereIn('row_id', ids);
  await gone.clone().where({ from_version: version }).delete();
  await gone.clone().update({ to_version: version - 1 });
}

const asRecords = (rows: WrittenRow[]) =>
  JSON.stringify(rows.map(({ rowId, data, problems }, i) => ({ id: rowId, n: i + 1, data, problems })));
