/** What is wrong with a row because of other rows: doubles, and references to rows that are not there. */
import type { Knex } from 'knex';
import type { Finding } from '../../../contracts/api/index.ts';
import { isTable, place as where, type CompiledTable, type Field } from '../../../contracts/forms/index.ts';
import { bindings, numbered, type TablePlace } from './rows.repository.ts';
import type { ServerForm } from './compiled.ts';

/** Findings by row id. */
export async function tableFindings(
  db: Knex,
  form: ServerForm,
  place: TablePlace,
  version: number,
): Promise<Map<string, Finding[]>> {
  const table = form.tables.get(place.table)!;
  const found = [
    ...(await doubles(db, table, place, version)),
    ...(await Promise.all(table.columns.map((c) => dangling(db, form, table, c.field, place, version)))).flat(),
  ];
  const byRow = new Map<string, Finding[]>();
  for (const { rowId, finding } of found) byRow.set(rowId, [...(byRow.get(rowId) ?? []), finding]);
  return byRow;
}

interface RowFinding {
  rowId: string;
  finding: Finding;
}

async function doubles(db: Knex, table: CompiledTable, at: TablePlace, version: number): Promise<RowFinding[]> {
  const { field } = table;
  if (!isTable(field) || !field.unique?.length) return [];
  const filled = field.unique.map(() => `coalesce(data->>?, '') <> ''`).join(' and ');
  const same = field.unique.map(() => 'data->>?').join(', ');
  const { rows } = await db.raw(
    `with ${numbered}, k as (
       select row_id, number, first_value(number) over (partition by ${same} order by number) as first from r where ${filled})
     select row_id, number, first from k where number <> first`,
    [...bindings(at, version), ...field.unique, ...field.unique],
  );
  const columns = field.unique.flatMap((key) => field.columns.filter((column) => column.key === key));
  return rows.map(({ row_id, number, first }: { row_id: string; number: number; first: number }) => ({
    rowId: row_id,
    finding: {
      path: `${field.key}/${row_id}`,
      code: 'double',
      severity: 'error',
      zh: `与第 ${first} 行重复（同${columns.map((c) => c.label).join('、')}）。删去一行，或改正`,
      en: `The same as row ${first} (${columns.map((c) => c.labelEn ?? c.label).join(', ')}); remove or correct one`,
      basis: null,
      where: where(table.group, field, number),
      repair: null,
    },
  }));
}

async function dangling(
  db: Knex,
  form: ServerForm,
  table: CompiledTable,
  column: Field,
  at: TablePlace,
  version: number,
): Promise<RowFinding[]> {
  if (!column.refers) return [];
  const [target, key] = column.refers.split('.');
  const to = form.tables.get(target)!;
  const { rows } = await db.raw(
    `with ${numbered}, t as (
       select data->>? as code from form_row
       where owner = ? and form = ? and table_id = ? and from_version <= ? and (to_version is null or to_version >= ?))
     select r.row_id, r.number, trim(v.code) as code
     from r, lateral unnest(${column.many ? `regexp_split_to_array(data->>?, '[,，、;；]')` : 'array[data->>?]'}) as v (code)
     where trim(coalesce(v.code, '')) <> '' and not exists (select from t where t.code = trim(v.code))`,
    [...bindings(at, version), key, at.owner, at.form, target, version, version, column.key],
  );
  const other = to.columns.find((c) => c.field.key === key)!.field;
  return rows.map(({ row_id, number, code }: { row_id: string; number: number; code: string }) => ({
    rowId: row_id,
    finding: {
      path: `${table.field.key}/${row_id}/${column.key}`,
      code: 'reference',
      severity: 'error',
      zh: `${column.label}：「${to.field.label}」里没有${other.label}「${code}」。改正，或先在「${to.field.label}」里添加`,
      en: `${column.labelEn ?? column.label}: "${code}" is not in ${to.field.labelEn ?? to.field.label}`,
      basis: null,
      where: where(table.group, table.field, number),
      repair: null,
    },
  }));
}
