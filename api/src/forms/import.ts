/** Excel of a form's table: template, export, and import row by row. */
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Knex } from 'knex';
import type { z } from 'zod';
import type { ImportAnswer } from '../../../contracts/api/index.ts';
import {
  checkRow,
  isFixed,
  isTable,
  reasonKey,
  type CheckContext,
  type CompiledTable,
  type Field,
} from '../../../contracts/forms/index.ts';
import { isEmpty, kinds } from '../../../contracts/kinds/index.ts';
import { notFound, type Core } from '../core/index.ts';
import { acceptFile, mimeOf, type Upload } from '../files/index.ts';
import {
  readSheet,
  writeSheet,
  writeTemplate,
  type SheetColumn,
  type SheetError,
  type SheetRow,
} from '../sheets/index.ts';
import { assertOpen } from './access.ts';
import { serverKinds } from './kinds/index.ts';
import { allRows, changeRows, insertRows, type StoredRow, type TablePlace } from './rows.repository.ts';
import { assertTable, checked, MOST_ROWS, tooMany } from './rows.service.ts';
import { tableOf } from './rows.view.ts';
import type { Editing, Session, Sessions } from './session.ts';
import { isSettled, type Settle } from './settle.ts';
import { merged, readVersion, type Data } from './versions.ts';

/** Keeps the list of faulty rows for the owner of the form; answers its id. */
export type KeepFile = (
  trx: Knex.Transaction,
  file: {
    owner: string;
    form: string;
    item: string;
    name: string;
    hash: string;
    size: number;
    type: string;
    version: number;
    by: string | null;
  },
) => Promise<string>;

export interface TableSheets {
  template(session: Session, table: string): Promise<Buffer>;
  export(session: Session, table: string): Promise<Buffer>;
  /** Says no where this table or this file cannot be imported at all. */
  accept(editing: Editing, table: string, upload: Upload): Promise<void>;
  /** Good rows go in at once: known ones (by the table's unique columns) are changed, others added; faulty ones are told. */
  import(editing: Editing, table: string, bytes: Buffer, progress: ImportProgress): Promise<void>;
}

export interface ImportProgress {
  checked(done: number, total: number): Promise<void>;
  /** Called in the transaction that writes the rows. */
  finish(trx: Knex.Transaction, answer: z.infer<typeof ImportAnswer>): Promise<void>;
}

/** The answer names this many faults; the list of faulty rows has them all. */
const TOLD = 1000;
/** Rows between two words about progress; others get a turn there. */
const STRIDE = 500;
const itemOf = (table: string) => `import:${table}`;

export function createTableSheets(core: Core, sessions: Sessions, keep: KeepFile, settle: Settle): TableSheets {
  async function columnsFor(session: Session, name: string) {
    const table = tableOf(session, name);
    const { field } = table;
    if (!isTable(field) || !field.import)
      throw notFound({ zh: `「${field.label}」不用 Excel 填写`, en: 'This table has no Excel sheet' });
    const context = await sessions.context({ step: session.access.mode === 'edit' ? session.access.step : null });
    const columns = table.columns
      .filter((column) => !isFixed(column, {}, context))
      .flatMap((column) => columnsOf(column.field, context));
    return { table, field, columns, context };
  }

  return {
    async template(session, name) {
      const { field, columns } = await columnsFor(session, name);
      return writeTemplate(field.label, columns);
    },

    async export(session, name) {
      const { field, columns } = await columnsFor(session, name);
      const { version } = await readVersion(core.db, session.place);
      const rows = await allRows(core.db, { ...session.place, table: name }, version);
      return writeSheet(
        field.label,
        columns,
        rows.map((row) => ({ values: row.data })),
      );
    },

    async accept(editing, name, upload) {
      const { table, field, context } = await columnsFor(editing, name);
      assertOpen(editing.access.open, [{ path: name, label: field.label }]);
      assertTable(table, await sessions.data(editing.place), context);
      await acceptFile(upload.name, upload.bytes, ['xlsx']);
    },

    async import(editing, name, bytes, progress) {
      const { table, field, columns, context } = await columnsFor(editing, name);
      assertOpen(editing.access.open, [{ path: name, label: field.label }]);
      const { rows, errors } = await readSheet(bytes, columns, MOST_ROWS);
      const at = { ...editing.place, table: name };
      const codes = await referredCodes(core.db, editing, table);
      const settles = table.columns.some((column) => isSettled(column.field));
      for (const [i, row] of rows.entries()) {
        if (i % STRIDE === 0) await progress.checked(i, rows.length);
        if (settles) row.values = (await settle(editing, table.columns, row.values, name)).values;
        errors.push(...faultsOf(table, row, context, codes));
      }
      errors.push(...doublesIn(table, rows));
      const faulty = new Set(errors.map((error) => error.row));
      const good = rows.filter((row) => !faulty.has(row.row));
      const list = await faultyList(field.label, columns, rows, errors);
      await sessions.change(editing, async (trx, { version, data }) => {
        assertTable(table, data, context);
        const counts = await write(trx, table, at, version, good, context);
        const id =
          list &&
          (await keep(trx, { ...editing.place, item: itemOf(name), ...list, version, by: editing.who.personId }));
        await progress.finish(trx, {
          ...counts,
          faulty: faulty.size,
          errors: [...errors].sort((a, b) => a.row - b.row).slice(0, TOLD),
          faultyFile: id && `/api/v1/forms/${at.owner}/${at.form}/imports/${id}`,
        });
      });
    },
  };

  async function faultyList(label: string, columns: SheetColumn[], rows: SheetRow[], errors: SheetError[]) {
    if (errors.length === 0) return null;
    const mend = new Map<number, string[]>();
    for (const { row, column, zh } of errors)
      mend.set(row, [...(mend.get(row) ?? []), column ? `${column}：${zh}` : zh]);
    const asText = columns.map((column) => ({ ...column, cell: String }));
    const bytes = await writeSheet(
      label,
      asText,
      rows
        .filter((row) => mend.has(row.row))
        .map((row) => ({ values: row.cells, mend: mend.get(row.row)!.join('；') })),
    );
    const { hash, size } = await core.files.put(bytes);
    return { name: `${label} 要改的行.xlsx`, hash, size, type: mimeOf('xlsx') };
  }
}

/** A field's column, and one for the reason where its kind asks for one. */
function columnsOf(field: Field, context: CheckContext): SheetColumn[] {
  const { sheet } = serverKinds[field.type];
  const { parse, warns } = kinds[field.type];
  const column: SheetColumn = {
    key: field.key,
    title: field.label,
    required: field.validate?.required ?? false,
    hint: [sheet.hint(field), field.description].filter(Boolean).join('。'),
    width: sheet.width,
    list: sheet.list?.(field),
    cell: (value) => sheet.cell(value, field, context),
    parse: (text) => parse(text, field),
  };
  if (!warns) return [column];
  const reason: SheetColumn = {
    key: reasonKey(field.key),
    title: `${field.label}的理由`,
    required: false,
    hint: `${field.label}与通常的写法不符而确实如此的，写明理由；不超过 1000 字`,
    width: 24,
    cell: String,
    parse: (value) => ({ value: value.slice(0, 1000) }),
  };
  return [column, reason];
}

/** Errors of a row by itself and of its references; what could not be read was told already. */
function faultsOf(
  table: CompiledTable,
  row: SheetRow,
  context: CheckContext,
  codes: Map<string, Set<string>>,
): SheetError[] {
  const data = merged({}, row.values);
  const unreadable = (key: string) => key in row.cells && !(key in row.values);
  const own = checkRow(table, { id: '', number: row.row, data }, context)
    .filter((finding) => finding.severity === 'error')
    .map((finding) => ({ key: finding.path.split('/')[2], zh: finding.zh, en: finding.en }))
    .filter(({ key }) => !unreadable(key));
  const dangling = table.columns.flatMap(({ field }) => {
    const known = field.refers && codes.get(field.refers);
    const value = data[field.key];
    if (!known || typeof value !== 'string') return [];
    return (field.many ? value.split(/[,，、;；]/) : [value])
      .map((code) => code.trim())
      .filter((code) => code !== '' && !known.has(code))
      .map((code) => ({
        key: field.key,
        zh: `${field.label}：没有「${code}」。改正，或先添加它`,
        en: `${field.labelEn ?? field.label}: there is no "${code}"`,
      }));
  });
  return [...own, ...dangling].map(({ key, zh, en }) => {
    const column = table.columns.find((c) => c.field.key === key)?.field;
    const prefix = `${column?.label}：`;
    const value = row.cells[key];
    return { row: row.row, column: column?.label ?? '', zh: zh.replace(prefix, ''), en, ...(value && { value }) };
  });
}

/** The second of two rows that the unique columns cannot tell apart. */
function doublesIn(table: CompiledTable, rows: SheetRow[]): SheetError[] {
  const first = new Map<string, number>();
  return rows.flatMap((row) => {
    const key = naturalKey(table, row.values);
    const before = key === null ? undefined : first.get(key);
    if (key !== null && before === undefined) first.set(key, row.row);
    if (before === undefined) return [];
    return [
      { row: row.row, column: '', zh: `与文件第 ${before} 行重复。删去一行，或改正`, en: `The same as row ${before}` },
    ];
  });
}

/** What names a row; null where the table has no such columns or one of them is empty. */
function naturalKey({ field }: CompiledTable, data: Data): string | null {
  const unique = isTable(field) ? (field.unique ?? []) : [];
  if (unique.length === 0 || unique.some((key) => isEmpty(data[key]))) return null;
  return JSON.stringify(unique.map((key) => data[key]));
}

/** Codes that columns may name, by `table.column`. */
async function referredCodes(db: Knex, { place }: Editing, table: CompiledTable): Promise<Map<string, Set<string>>> {
  const targets = [...new Set(table.columns.flatMap(({ field }) => field.refers ?? []))];
  const sets = targets.map(async (target): Promise<[string, Set<string>]> => {
    const [other, column] = target.split('.');
    const rows = await db('form_row')
      .where({ owner: place.owner, form: place.form, table_id: other })
      .whereNull('to_version')
      .select(db.raw('data->>? as code', [column]));
    return [target, new Set(rows.map((row: { code: string }) => row.code))];
  });
  return new Map(await Promise.all(sets));
}

async function write(
  trx: Knex.Transaction,
  table: CompiledTable,
  at: TablePlace,
  version: number,
  rows: SheetRow[],
  context: CheckContext,
): Promise<{ imported: number; updated: number; unchanged: number }> {
  const before = await allRows(trx, at, version);
  const known = new Map<string, StoredRow>();
  for (const row of before) known.set(naturalKey(table, row.data) ?? row.rowId, row);
  const fresh = [];
  const changed = [];
  for (const { values } of rows) {
    const stored = known.get(naturalKey(table, values) ?? '');
    if (!stored) fresh.push(checked(table, randomUUID(), merged({}, values), context));
    else {
      const data = merged(stored.data, values);
      if (!isDeepStrictEqual(data, stored.data)) changed.push(checked(table, stored.rowId, data, context));
    }
  }
  if (before.length + fresh.length > MOST_ROWS) throw tooMany(table);
  if (fresh.length > 0) await insertRows(trx, at, version, fresh);
  if (changed.length > 0) await changeRows(trx, at, version, changed);
  return { imported: fresh.length, updated: changed.length, unchanged: rows.length - fresh.length - changed.length };
}
