/** Rows as the api gives them. */
import type { Knex } from 'knex';
import type { Finding, Row } from '../../../contracts/api/index.ts';
import { place as where, type CompiledTable } from '../../../contracts/forms/index.ts';
import { notFound } from '../core/index.ts';
import type { StoredRow } from './rows.repository.ts';
import type { RulingRow } from './rulings.ts';
import type { Session } from './session.ts';
import { readVersion, type Data } from './versions.ts';

export function tableOf({ form }: Pick<Session, 'form'>, name: string): CompiledTable {
  const table = form.tables.get(name);
  if (!table) throw notFound({ zh: `没有表格「${name}」`, en: `There is no table "${name}"` });
  return table;
}

/** Kept findings get the row's number of now; `changed` holds old values. */
export function toRow(table: CompiledTable, row: StoredRow | RulingRow, others: Finding[], changed?: Data): Row {
  const at = where(table.group, table.field, row.number);
  return {
    id: row.rowId,
    position: row.number,
    data: row.data,
    edits: row.edits,
    findings: [...(row.problems ?? []).map((finding) => ({ ...finding, where: at })), ...others],
    ...(changed && { changed }),
    ...('of' in row && { of: row.of }),
  };
}

/** The version that a person sees: one that is about to be worked on has no row yet. */
export async function versionShown(db: Knex, { place, access }: Session): Promise<number> {
  const { version, closedAt } = await readVersion(db, place);
  return access.mode === 'edit' && closedAt ? version + 1 : version;
}
