/** Rows of a form's tables as people work on them: pages, one row, many rows at once. */
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Knex } from 'knex';
import type { Row } from '../../../contracts/api/index.ts';
import {
  checkRow,
  isFixed,
  isRowDecisions,
  type CheckContext,
  type CompiledTable,
} from '../../../contracts/forms/index.ts';
import { invalidInput, notFound, stale, type Core } from '../core/index.ts';
import { assertOpen, fixedField } from './access.ts';
import { locked, tooManyRows } from './problems.ts';
import { tableOf, toRow } from './rows.view.ts';
import {
  changeRows,
  countRows,
  insertRows,
  removeRows,
  rowsById,
  type StoredRow,
  type TablePlace,
  type WrittenRow,
} from './rows.repository.ts';
import { rulingRows } from './rulings.ts';
import type { Editing, Sessions } from './session.ts';
import type { Settle } from './settle.ts';
import { merged, type Data, type Version } from './versions.ts';

/** More rows than this has no table. */
export const MOST_ROWS = 20_000;

export interface RowsService {
  add(editing: Editing, table: string, body: { data: Data; after?: string | null }): Promise<Row>;
  /** Writes the given columns; null empties one. `edits` is the row's count that the change was made on. */
  change(editing: Editing, table: string, row: string, body: { data: Data; edits?: number }): Promise<Row>;
  remove(editing: Editing, table: string, row: string): Promise<void>;
  /** The same values into many rows; answers their number. */
  setMany(editing: Editing, table: string, rows: string[] | 'all', set: Data): Promise<number>;
}

export function createRowsService(core: Core, sessions: Sessions, settle: Settle): RowsService {
  async function stored(db: Knex, at: TablePlace, table: CompiledTable, version: number, ids?: string[]) {
    const { field } = table;
    if (isRowDecisions(field)) return rulingRows(db, at, field, version, ids);
    return rowsById(db, at, version, ids ?? (await allIds(db, at)));
  }

  /** Rulings have a row of their own from the first word on. */
  async function write(
    trx: Knex.Transaction,
    at: TablePlace,
    version: Version,
    before: StoredRow[],
    after: WrittenRow[],
  ) {
    const there = new Set(
      (
        await rowsById(
          trx,
          at,
          version.version,
          after.map((r) => r.rowId),
        )
      ).map((r) => r.rowId),
    );
    const fresh = after.filter((row) => !there.has(row.rowId));
    if (fresh.length > 0) await insertRows(trx, at, version.version, fresh);
    if (fresh.length < before.length)
      await changeRows(
        trx,
        at,
        version.version,
        after.filter((r) => there.has(r.rowId)),
      );
  }

  async function one(at: TablePlace, table: CompiledTable, version: number, id: string): Promise<Row> {
    const [row] = await stored(core.db, at, table, version, [id]);
    return toRow(table, row, []);
  }

  return {
    async add(editing, name, { data, after }) {
      const table = tableOf(editing, name);
      if (isRowDecisions(table.field)) throw fixedRows(table);
      assertOpen(editing.access.open, [{ path: name, label: table.field.label }]);
      const context = await sessions.context({ step: editing.access.step });
      assertShape(editing, table, data);
      assertNotFixed(table, data, {}, context);
      const { values } = await settle(editing, table.columns, data, name);
      const at = { ...editing.place, table: name };
      const row = checked(table, randomUUID(), merged({}, values), context);
      const version = await sessions.change(editing, async (trx, { version, data: around }) => {
        assertTable(table, around, context);
        if ((await countRows(trx, at, version)) >= MOST_ROWS) throw tooMany(table);
        await insertRows(trx, at, version, [row], after ?? undefined);
        return version;
      });
      return one(at, table, version, row.rowId);
    },

    async change(editing, name, id, { data, edits }) {
      const table = tableOf(editing, name);
      assertShape(editing, table, data);
      const context = await sessions.context({ step: editing.access.step });
      const { values } = await settle(editing, table.columns, data, name);
      const at = { ...editing.place, table: name };
      const version = await sessions.change(editing, async (trx, version) => {
        assertTable(table, version.data, context);
        const [before] = await stored(trx, at, table, version.version, [id]);
        if (!before) throw notFound({ zh: '这一行已不在表里', en: 'This row is gone' });
        assertNotFixed(table, data, before.data, context);
        const changed = differing(before.data, values);
        assertOpen(
          editing.access.open,
          changed.map((key) => ({ path: `${name}/${id}/${key}`, label: labelOf(table, key) })),
        );
        if (edits !== undefined && edits !== before.edits && changed.length > 0)
          throw staleRow(before, values, changed);
        await write(trx, at, version, [before], [checked(table, id, merged(before.data, values), context)]);
        return version.version;
      });
      return one(at, table, version, id);
    },

    async remove(editing, name, id) {
      const table = tableOf(editing, name);
      if (isRowDecisions(table.field)) throw fixedRows(table);
      assertOpen(editing.access.open, [{ path: `${name}/${id}`, label: table.field.label }]);
      const at = { ...editing.place, table: name };
      const context = await sessions.context({ step: editing.access.step });
      await sessions.change(editing, async (trx, { version, data }) => {
        assertTable(table, data, context);
        const [row] = await rowsById(trx, at, version, [id]);
        if (row) await removeRows(trx, at, version, [id]);
      });
    },

    async setMany(editing, name, ids, set) {
      const table = tableOf(editing, name);
      assertShape(editing, table, set);
      const context = await sessions.context({ step: editing.access.step });
      const { values } = await settle(editing, table.columns, set, name);
      const at = { ...editing.place, table: name };
      return sessions.change(editing, async (trx, version) => {
        assertTable(table, version.data, context);
        const before = await stored(trx, at, table, version.version, ids === 'all' ? undefined : ids);
        const unknown = ids === 'all' ? 0 : new Set(ids).size - before.length;
        if (unknown > 0) throw notFound({ zh: `有 ${unknown} 行已不在表里`, en: `${unknown} rows are gone` });
        for (const row of before) assertNotFixed(table, set, row.data, context);
        assertOpen(
          editing.access.open,
          before.flatMap((row) =>
            differing(row.data, values).map((key) => ({
              path: `${name}/${row.rowId}/${key}`,
              label: labelOf(table, key),
            })),
          ),
        );
        const after = before.map((row) => checked(table, row.rowId, merged(row.data, values), context));
        if (after.length > 0) await write(trx, at, version, before, after);
        return after.length;
      });
    },
  };
}

/** A row with the findings that are kept with it. */
export function checked(table: CompiledTable, rowId: string, data: Data, context: CheckContext): WrittenRow {
  const problems = checkRow(table, { id: rowId, number: null, data }, context);
  return { rowId, data, problems: problems.length > 0 ? problems : null };
}

export function tooMany(table: CompiledTable) {
  return tooManyRows({
    zh: `${table.field.label}：最多 ${MOST_ROWS} 行。分几次申请，或删去用不到的行`,
    en: `${table.field.labelEn ?? table.field.label}: at most ${MOST_ROWS} rows`,
  });
}

function assertShape(editing: Editing, table: CompiledTable, data: Data): void {
  const shape = editing.form.shape(data, table.field.key);
  if (shape.length > 0) throw invalidInput({ fields: shape });
}

/** Columns that nobody types into, or not in this step. */
function assertNotFixed(table: CompiledTable, set: Data, data: Data, context: CheckContext): void {
  const keys = new Set(Object.keys(set).map((key) => key.replace(/\.reason$/, '')));
  const fixed = table.columns.filter((column) => keys.has(column.field.key) && isFixed(column, data, context));
  if (fixed.length > 0)
    throw locked({ fields: fixed.map(({ field }) => fixedField(field.key, field.label, field.labelEn)) });
}

/** The table as a whole, with the fields around it. */
export function assertTable(table: CompiledTable, around: Data, context: CheckContext): void {
  const { key, label, labelEn } = table.field;
  if (isFixed(table, around, context)) throw locked({ fields: [fixedField(key, label, labelEn)] });
}

const differing = (before: Data, data: Data) =>
  Object.keys(data).filter((key) => !isDeepStrictEqual(before[key] ?? null, data[key] ?? null));

const labelOf = (table: CompiledTable, key: string) =>
  table.columns.find((column) => column.field.key === key)?.field.label ?? key;

function fixedRows(table: CompiledTable) {
  return locked({
    zh: `「${table.field.label}」的行来自申请内容，不能增删`,
    en: `The rows of "${table.field.labelEn ?? table.field.label}" come from the application`,
  });
}

function staleRow(before: StoredRow, data: Data, changed: string[]) {
  return stale({
    facts: {
      edits: before.edits,
      theirs: Object.fromEntries(changed.map((key) => [key, before.data[key] ?? null])),
      yours: Object.fromEntries(changed.map((key) => [key, data[key]])),
    },
  });
}

async function allIds(db: Knex, { owner, form, table }: TablePlace): Promise<string[]> {
  const rows = await db('form_row').where({ owner, form, table_id: table }).whereNull('to_version').select('row_id');
  return rows.map((row: { row_id: string }) => row.row_id);
}
