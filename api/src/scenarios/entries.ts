/** Enters what a scenario says into a form, as a person would: fields, Excel sheets, rows, materials. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import type { FormView, LastImport, Row, RowPage, SaveAnswer } from '../../../contracts/api/index.ts';
import { columnsOf, findField, isTable, type FormSchema, type TableField } from '../../../contracts/forms/index.ts';
import { isEmpty, kinds } from '../../../contracts/kinds/index.ts';
import { writeSheet } from '../sheets/index.ts';
import type { Client } from './client.ts';
import { materialFile } from './material.ts';
import type { Entries } from './schema.ts';

type Values = Record<string, unknown>;
type Rows = z.infer<typeof RowPage>;

interface Fixture {
  fields?: Values;
  tables?: Record<string, Values[]>;
}

const PAGE = 200;
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** `folder` is the package's, that files are named from. Answers the form that was filled in. */
export async function enter(
  client: Client,
  at: { owner: string; form: string },
  entries: Entries,
  folder: string,
): Promise<FormSchema> {
  const path = `/forms/${at.owner}/${at.form}`;
  const view = () => client.get<FormView>(path);
  const opened = await view();
  const schema = opened.schema as FormSchema;
  let { edits } = opened;

  for (const file of entries.fill) {
    const { fields = {}, tables = {} } = JSON.parse(await readFile(join(folder, file), 'utf8')) as Fixture;
    await save(fields);
    for (const [table, rows] of Object.entries(tables)) await addRows(table, rows);
  }
  for (const [table, set] of Object.entries(entries.all)) {
    await client.send('POST', `${path}/tables/${table}/bulk`, { rows: 'all', set });
  }
  for (const [table, rows] of Object.entries(entries.rows)) await addRows(table, rows);
  for (const [table, changes] of Object.entries(entries.change)) {
    for (const { where, set } of changes) await changeRows(table, where, set);
  }
  await save(await merged(entries.set));
  await upload(entries.materials);
  return schema;

  async function save(set: Values): Promise<void> {
    if (Object.keys(set).length === 0) return;
    ({ edits } = await client.send<z.infer<typeof SaveAnswer>>('PATCH', path, { edits, set }));
  }

  /** `checklist.c5` changes one item and keeps the others. */
  async function merged(set: Values): Promise<Values> {
    const result: Values = {};
    const data = Object.keys(set).some((name) => name.includes('.')) ? (await view()).data : {};
    for (const [name, value] of Object.entries(set)) {
      const [field = '', item] = name.split('.');
      result[field] = item ? { ...((result[field] ?? data[field]) as object), [item]: value } : value;
    }
    return result;
  }

  async function addRows(table: string, rows: Values[]): Promise<void> {
    const field = findField(schema, table);
    if (field && isTable(field) && field.import && rows.length > 5) return importRows(field, rows);
    for (const data of rows) await client.send('POST', `${path}/tables/${table}/rows`, { data });
  }

  async function importRows(table: TableField, rows: Values[]): Promise<void> {
    const bytes = await sheetOf(table, rows);
    const file = { name: `${table.label}.xlsx`, bytes, type: XLSX };
    await client.upload(`${path}/tables/${table.key}/import`, file);
    await client.quiet();
    const { job } = await client.get<z.infer<typeof LastImport>>(`${path}/tables/${table.key}/import`);
    const wrong = job?.problem?.zh ?? job?.answer?.errors.slice(0, 5);
    if (job?.answer?.faulty !== 0) throw new Error(`rows of ${table.key} were not imported: ${JSON.stringify(wrong)}`);
  }

  async function changeRows(table: string, where: Values, set: Values): Promise<void> {
    const rows: Row[] = [];
    for (let after: string | null = ''; after !== null;) {
      const page: Rows = await client.get(`${path}/tables/${table}/rows?limit=${PAGE}${after && `&after=${after}`}`);
      rows.push(...page.rows);
      after = page.next;
    }
    const found = rows.filter((row) =>
      Object.entries(where).every(([key, value]) => (row.of ?? row.data)[key] === value),
    );
    if (found.length === 0) throw new Error(`no row of ${table} has ${JSON.stringify(where)}`);
    for (const row of found) {
      await client.send('PUT', `${path}/tables/${table}/rows/${row.id}`, { data: set, edits: row.edits });
    }
  }

  async function upload(materials: Entries['materials']): Promise<void> {
    const items =
      materials === 'all'
        ? (await view()).materials.filter((m) => m.required && m.applies).map((m) => m.item)
        : materials;
    for (const item of items) await client.upload(`${path}/materials/${item}`, await materialFile(item));
  }
}

/** Rows of a table as the Excel file that a person would import. */
export async function sheetOf(table: TableField, rows: Values[]): Promise<Buffer> {
  const columns = columnsOf(table).map((column) => ({
    key: column.key,
    title: column.label,
    required: false,
    hint: '',
    width: 20,
    cell: (value: unknown) => (isEmpty(value) ? '' : kinds[column.type].format(value, column, 'zh')),
    parse: (value: string) => ({ value }),
  }));
  return writeSheet(
    table.label,
    columns,
    rows.map((values) => ({ values })),
  );
}
