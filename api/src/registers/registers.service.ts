/** Reading and writing of any register by its declaration; every change is kept with before, after and the case. */
import type { Knex } from 'knex';
import type { Core } from '../core/index.ts';
import { notFound, problemKind } from '../core/index.ts';
import type { RegisterChild, RegisterDeclaration, RegisterField } from './register.ts';
import { entriesOf } from './search.ts';

export const taken = problemKind(
  'register-taken',
  409,
  '登记库里已有这一主体',
  'The register has this subject already',
);

type Data = Record<string, unknown>;

export interface RegisterItem {
  id: string;
  fields: Data;
  updatedAt: Date;
}

export interface RegisterRow {
  id: string;
  data: Data;
}

export interface RegisterWrite {
  register: string;
  /** Absent: a new item. */
  id?: string;
  fields?: Data;
  /** `merge` finds a row by the child's key and leaves the others; `replace` also removes the others. */
  children?: Record<string, { rows: Data[]; mode: 'merge' | 'replace' }>;
  caseId?: string | null;
  by?: string | null;
}

export interface HistoryEntry {
  at: Date;
  child: string | null;
  rowId: string | null;
  caseId: string | null;
  caseNumber: string | null;
  person: string | null;
  before: Data | null;
  after: Data | null;
}

export interface RegisterService {
  declaration(register: string): RegisterDeclaration;
  title(register: string): { zh: string; en: string };
  /** In the order in which people are shown them. */
  all(): RegisterDeclaration[];
  find(register: string, id: string): Promise<RegisterItem | null>;
  /** All entries that are shown, in the order of their ids, read in batches. */
  entries(register: string): AsyncGenerator<RegisterItem>;
  rows(register: string, id: string, child: string, db?: Knex): Promise<RegisterRow[]>;
  /** Writes what differs and its history; returns the item's id. */
  write(trx: Knex.Transaction, change: RegisterWrite): Promise<string>;
  history(register: string, id: string, limit?: number): Promise<HistoryEntry[]>;
  /** The entry that a case made in a register. */
  madeBy(trx: Knex.Transaction, register: string, caseId: string): Promise<string | undefined>;
}

export function createRegisterService(core: Core, declarations: RegisterDeclaration[]): RegisterService {
  const byId = new Map(declarations.map((d) => [d.id, d]));

  function declaration(register: string): RegisterDeclaration {
    const found = byId.get(register);
    if (!found) throw notFound();
    return found;
  }

  function childOf(register: string, child: string): RegisterChild {
    const found = declaration(register).children.find((c) => c.id === child);
    if (!found) throw notFound();
    return found;
  }

  async function readRows(db: Knex, register: string, id: string, child: string): Promise<RegisterRow[]> {
    const { table, fields } = childOf(register, child);
    const rows: Data[] = await db(table)
      .where({ [`${declaration(register).table}_id`]: id })
      .orderBy(['ordinal', 'id']);
    return rows.map((row) => ({ id: String(row.id), data: fromRow(fields, row) }));
  }

  return {
    declaration,
    title: (register) => declaration(register).title,
    all: () => declarations,

    async find(register, id) {
      const d = declaration(register);
      const row: Data | undefined = await entriesOf(core, d).where({ id }).first();
      return row ? { id, fields: fromRow(d.fields, row), updatedAt: row[d.updatedAt] as Date } : null;
    },

    async *entries(register) {
      const d = declaration(register);
      for (let last: unknown; ;) {
        const query = core.db(d.table).orderBy('id').limit(READ_AT_ONCE);
        if (last !== undefined) query.where('id', '>', last as string);
        if (d.without) query.whereNotIn(d.without.column, d.without.values);
        const batch: Data[] = await query;
        for (const row of batch)
          yield { id: String(row.id), fields: fromRow(d.fields, row), updatedAt: row[d.updatedAt] as Date };
        if (batch.length < READ_AT_ONCE) return;
        last = batch.at(-1)!.id;
      }
    },

    rows: (register, id, child, db = core.db) => readRows(db, register, id, child),

    async write(trx, change) {
      const d = declaration(change.register);
      if (d.mirrored) throw new Error(`register ${d.id} is written by another area`);
      const at = core.time.now();
      const note: Note = async (...entries) => {
        const common = { register: d.id, case_id: change.caseId ?? null, person_id: change.by ?? null, at };
        const lines = entries.map((entry) => ({
          ...common,
          ...entry,
          before: entry.before && JSON.stringify(entry.before),
          after: entry.after && JSON.stringify(entry.after),
        }));
        if (lines.length > 0) await trx('register_history').insert(lines);
      };

      const id = await writeFields(trx, d, change, at, note);
      for (const [name, { rows, mode }] of Object.entries(change.children ?? {}))
        await writeRows(trx, d, childOf(d.id, name), id, rows, mode, at, note);
      return id;
    },

    async madeBy(trx, register, caseId) {
      const made = await trx('register_history')
        .where({ register: declaration(register).id, case_id: caseId })
        .whereNull('child')
        .whereNull('before')
        .orderBy('id')
        .first('item');
      return made?.item;
    },

    async history(register, id, limit = 200) {
      const rows = await core
        .db('register_history as h')
        .leftJoin('case as c', 'c.id', 'h.case_id')
        .leftJoin('person as p', 'p.id', 'h.person_id')
        .where({ 'h.register': declaration(register).id, 'h.item': id })
        .orderBy('h.id', 'desc')
        .limit(limit)
        .select('h.*', 'c.number as case_number', 'p.name as person');
      return rows.map((h) => ({
        at: h.at,
        child: h.child,
        rowId: h.row_id,
        caseId: h.case_id,
        caseNumber: h.case_number,
        person: h.person,
        before: h.before,
        after: h.after,
      }));
    },
  };
}

interface Change {
  item: string;
  child?: string;
  row_id?: string;
  before: Data | null;
  after: Data | null;
}
type Note = (...changes: Change[]) => Promise<void>;

/** Entries that are read in one statement. */
const READ_AT_ONCE = 2000;
/** Rows that go into one statement. */
const BATCH = 500;

async function writeFields(
  trx: Knex.Transaction,
  d: RegisterDeclaration,
  change: RegisterWrite,
  at: Date,
  note: Note,
): Promise<string> {
  const given = onlyKnown(d.fields, change.fields ?? {});
  if (change.id === undefined) {
    const unique = d.fields.find((f) => f.id === d.unique);
    const insert = trx(d.table).insert({ ...toRow(d.fields, given), updated_at: at });
    const [row] = await (unique ? insert.onConflict(unique.column).ignore() : insert).returning('id');
    if (!row && unique)
      throw taken({
        fields: [
          {
            path: unique.id,
            zh: `${unique.label.zh} ${String(given[unique.id])} 已在登记库`,
            en: `${unique.label.en} is in the register already`,
          },
        ],
      });
    await note({ item: row.id, before: null, after: given });
    return row.id;
  }
  const row: Data | undefined = await trx(d.table).where({ id: change.id }).forUpdate().first();
  if (!row) throw notFound();
  const { before, after } = difference(fromRow(d.fields, row), given);
  if (Object.keys(after).length > 0) {
    await trx(d.table)
      .where({ id: change.id })
      .update({ ...toRow(d.fields, after), updated_at: at });
    await note({ item: change.id, before, after });
  }
  return change.id;
}

async function writeRows(
  trx: Knex.Transaction,
  d: RegisterDeclaration,
  child: RegisterChild,
  id: string,
  rows: Data[],
  mode: 'merge' | 'replace',
  at: Date,
  note: Note,
): Promise<void> {
  const owner = { [`${d.table}_id`]: id };
  const there: Data[] = await trx(child.table).where(owner).orderBy(['ordinal', 'id']);
  const keyOf = (data: Data) => JSON.stringify(child.key.map((k) => data[k] ?? null));
  const known = new Map(there.map((row) => [keyOf(fromRow(child.fields, row)), row]));
  let ordinal = Math.max(0, ...there.map((row) => Number(row.ordinal)));
  const kept = new Set<unknown>();
  const added: Data[] = [];
  for (const given of rows.map((row) => onlyKnown(child.fields, row))) {
    const row = known.get(keyOf(given));
    if (!row) {
      added.push({ ...toRow(child.fields, given), ...owner, ordinal: (ordinal += 1), updated_at: at });
      continue;
    }
    kept.add(row.id);
    const { before, after } = difference(fromRow(child.fields, row), given);
    if (Object.keys(after).length === 0) continue;
    await trx(child.table)
      .where({ id: row.id })
      .update({ ...toRow(child.fields, after), updated_at: at });
    await note({ item: id, child: child.id, row_id: String(row.id), before, after });
  }
  for (let from = 0; from < added.length; from += BATCH) {
    const made: Data[] = await trx(child.table)
      .insert(added.slice(from, from + BATCH))
      .returning('*');
    await note(
      ...made.map((row) => ({
        item: id,
        child: child.id,
        row_id: String(row.id),
        before: null,
        after: fromRow(child.fields, row),
      })),
    );
  }
  if (mode === 'replace')
    for (const row of there.filter((r) => !kept.has(r.id))) {
      await trx(child.table).where({ id: row.id }).delete();
      await note({
        item: id,
        child: child.id,
        row_id: String(row.id),
        before: fromRow(child.fields, row),
        after: null,
      });
    }
}

/** Field ids with values, empty ones left out; numbers as numbers, money as whole fen. */
export function fromRow(fields: RegisterField[], row: Data): Data {
  const data: Data = {};
  for (const { id, column, type } of fields) {
    const value = row[column];
    if (value === null || value === undefined) continue;
    data[id] = type === 'number' || type === 'money' ? Number(value) : value;
  }
  return data;
}

function toRow(fields: RegisterField[], data: Data): Data {
  const row: Data = {};
  for (const { id, column } of fields) {
    if (!(id in data)) continue;
    const value = data[id] === '' ? null : (data[id] ?? null);
    row[column] = value !== null && typeof value === 'object' ? JSON.stringify(value) : value;
  }
  return row;
}

function onlyKnown(fields: RegisterField[], data: Data): Data {
  return Object.fromEntries(fields.filter(({ id }) => id in data).map(({ id }) => [id, data[id]]));
}

/** Only what differs, as it was and as it is. */
function difference(was: Data, given: Data): { before: Data; after: Data } {
  const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b === '' ? null : (b ?? null));
  const changed = Object.keys(given).filter((id) => !same(was[id], given[id]));
  return {
    before: Object.fromEntries(changed.map((id) => [id, was[id] ?? null])),
    after: Object.fromEntries(changed.map((id) => [id, given[id] ?? null])),
  };
}
