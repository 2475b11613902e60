/** Rows of a `row-decisions` field: one for each row of the table that it decides, undecided until somebody does. */
import type { Knex } from 'knex';
import type { RowDecisionsField } from '../../../contracts/forms/index.ts';
import { rowOf, type StoredRow, type TablePlace } from './rows.repository.ts';
import type { Data } from './versions.ts';

export interface RulingRow extends StoredRow {
  /** The shown columns of the decided row. */
  of: Data;
}

/**
 * `with d as (…), r as (…)`: the decided rows as they stand now, and what was said about them in a version of this form.
 * Bindings: see `rulingBindings`.
 */
export const numberedRulings = `
  d as (
    select row_id, data, position, id, row_number() over (order by position, id)::int as number
    from form_row where owner = ? and form = ? and table_id = ? and to_version is null
  ),
  r as (
    select d.id, d.row_id, d.position, d.number, d.data as decided, coalesce(o.data, '{}') as data, o.problems,
      coalesce(o.edits, 0) as edits, o.from_version, o.row_id is null as untouched
    from d left join form_row o on o.owner = ? and o.form = ? and o.table_id = ? and o.row_id = d.row_id
      and o.from_version <= ? and (o.to_version is null or o.to_version >= ?)
  )`;

export function rulingBindings({ owner, form, table }: TablePlace, field: RowDecisionsField, version: number) {
  const [ofForm, ofTable] = field.of.split('.');
  return [owner, ofForm, ofTable, owner, form, table, version, version];
}

export async function rulingRows(
  db: Knex,
  place: TablePlace,
  field: RowDecisionsField,
  version: number,
  ids?: string[],
): Promise<RulingRow[]> {
  const { rows } = await db.raw(
    `with ${numberedRulings} select * from r ${ids ? 'where row_id = any(?)' : ''} order by number`,
    [...rulingBindings(place, field, version), ...(ids ? [ids] : [])],
  );
  return rows.map((row: Record<string, never>) => ({ ...rowOf(row), of: shownOf(field, row.decided) }));
}

export function shownOf(field: RowDecisionsField, decided: Data): Data {
  return Object.fromEntries(field.show.map((key) => [key, decided[key] ?? null]));
}
