/** The whole check of a form: one list of everything missing or wrong, in order of reading. */
import type { Knex } from 'knex';
import type { Finding, MaterialItem } from '../../../contracts/api/index.ts';
import type { Release } from '../../../contracts/flow.ts';
import {
  checkFields,
  checkRow,
  hiddenKeys,
  isRowDecisions,
  place as where,
  type CheckContext,
  type CompiledTable,
} from '../../../contracts/forms/index.ts';
import type { ServerForm } from './compiled.ts';
import { allRows, type StoredRow } from './rows.repository.ts';
import { rulingRows } from './rulings.ts';
import { tableFindings } from './table-findings.ts';
import { readVersion, type Data, type Place } from './versions.ts';

/** Findings of a table beyond this many are told as a number: nobody reads ten thousand lines. */
const SHOWN_PER_TABLE = 200;

export interface WholeCheck {
  place: Place;
  release: Release;
  form: ServerForm;
  context: CheckContext;
  materials(data: Data): Promise<MaterialItem[]>;
}

export async function checkWhole(
  db: Knex,
  { place, release, form, context, materials }: WholeCheck,
): Promise<Finding[]> {
  const { version, data } = await readVersion(db, place);
  const hidden = hiddenKeys(form, data, context);
  const shown = [...form.tables.values()].filter((table) => !hidden.has(table.field.key));
  const rows = new Map<string, StoredRow[]>();
  for (const { field } of shown) {
    const at = { ...place, table: field.key };
    rows.set(
      field.key,
      isRowDecisions(field) ? await rulingRows(db, at, field, version) : await allRows(db, at, version),
    );
  }
  const tables = Object.fromEntries([...rows].map(([key, list]) => [key, list.map((row) => row.data)]));
  const found = checkFields(form, data, { ...context, tables });
  for (const table of shown) found.push(...(await checkTable(table, rows.get(table.field.key)!)));
  if (place.form === release.package.flow.form) found.push(...checkMaterials(await materials(data)));
  return inOrder(form, found);

  async function checkTable(table: CompiledTable, list: StoredRow[]): Promise<Finding[]> {
    const at = { ...place, table: table.field.key };
    const others = await tableFindings(db, form, at, version);
    const inRows = list.flatMap((row) => [
      ...checkRow(table, { id: row.rowId, number: row.number, data: row.data }, context),
      ...(others.get(row.rowId) ?? []),
    ]);
    const named = inRows.slice(0, SHOWN_PER_TABLE).map(withRow);
    const rest = inRows.length - named.length;
    return [...checkCount(table, list.length), ...named, ...(rest > 0 ? [more(table, rest)] : [])];
  }
}

function withRow(finding: Finding): Finding {
  const { row } = finding.where;
  return row === null ? finding : { ...finding, zh: `第 ${row} 行　${finding.zh}`, en: `Row ${row}: ${finding.en}` };
}

function more(table: CompiledTable, rest: number): Finding {
  return tableFinding(
    table,
    'more',
    `还有 ${rest} 处要改，在表里用「只看要改的」逐行查看`,
    `${rest} more; look at the table's faulty rows`,
  );
}

function checkCount(table: CompiledTable, count: number): Finding[] {
  const { required, minRows, maxRows } = table.field.validate ?? {};
  const least = minRows ?? (required ? 1 : 0);
  if (count < least)
    return [
      tableFinding(
        table,
        'too-few',
        count === 0 ? `还没有填写，至少 ${least} 行` : `只有 ${count} 行，至少 ${least} 行`,
        `${count} rows; at least ${least}`,
      ),
    ];
  if (maxRows !== undefined && count > maxRows)
    return [tableFinding(table, 'too-many', `有 ${count} 行，最多 ${maxRows} 行`, `${count} rows; at most ${maxRows}`)];
  return [];
}

function tableFinding(table: CompiledTable, code: string, zh: string, en: string): Finding {
  const { key, label, labelEn } = table.field;
  return {
    path: key,
    code,
    severity: 'error',
    zh: `${label}：${zh}`,
    en: `${labelEn ?? label}: ${en}`,
    basis: null,
    where: where(table.group, table.field),
    repair: null,
  };
}

/** A required material without a file. */
function checkMaterials(items: MaterialItem[]): Finding[] {
  return items
    .filter((item) => item.required && item.applies && item.files.every((file) => file.replaced))
    .map((item) => ({
      path: `materials/${item.item}`,
      code: 'missing',
      severity: 'error',
      zh: `${item.title}：未上传${item.hint ? `。${item.hint}` : ''}`,
      en: `${item.title}: not uploaded`,
      basis: null,
      where: { zh: '材料', en: 'Materials', group: null, row: null },
      repair: null,
    }));
}

/** Groups in their order, materials last; within a group as found. */
function inOrder(form: ServerForm, findings: Finding[]): Finding[] {
  const keys = [...form.schema.components.flatMap((c) => (c.type === 'group' ? c.components : [c]))].map((c) =>
    'key' in c ? c.key : '',
  );
  const rank = ({ path }: Finding) => {
    const at = keys.indexOf(path.split('/')[0]);
    return at < 0 ? keys.length : at;
  };
  return findings
    .map((finding, i) => ({ finding, i }))
    .sort((a, b) => rank(a.finding) - rank(b.finding) || a.i - b.i)
    .map((x) => x.finding);
}
