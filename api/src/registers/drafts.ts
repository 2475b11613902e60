/** What an institution prepares for its own entry: kept as a draft (暂存), checked and written when it says so. */
import type { Knex } from 'knex';
import type { z } from 'zod';
import type { RegisterChange, RegisterDraft, RegisterImport } from '../../../contracts/api/index.ts';
import { isEmpty, kinds } from '../../../contracts/kinds/index.ts';
import { fieldOf } from '../../../contracts/register-column.ts';
import {
  invalidInput,
  notAllowed,
  notFound,
  problemKind,
  shanghaiDay,
  staleWrite,
  type Core,
  type FieldProblem,
  type Who,
} from '../core/index.ts';
import { readSheet } from '../sheets/index.ts';
import type { RegisterChild, RegisterDeclaration, RegisterField } from './register.ts';
import type { RegisterService } from './registers.service.ts';
import { typedColumns } from './sheets.ts';

export const rowApproved = problemKind(
  'row-approved',
  409,
  '已批准的内容不能直接改，要申请变更',
  'What was approved changes by an application only',
);

type Data = Record<string, unknown>;

/** Rows that a sheet or a draft may have. */
const MOST_ROWS = 20_000;

export interface RegisterDrafts {
  /** Whether the entry is kept by this person: cases write the others. */
  mayEdit(who: Who, declaration: RegisterDeclaration, item: string): boolean;
  read(who: Who, register: string, item: string): Promise<z.infer<typeof RegisterDraft>>;
  /**
   * Whatever was typed, wrong things too: nothing typed is lost.
   * @param seen `savedAt` of the draft that this one was typed over
   * @throws `stale` with both versions where another device saved one meanwhile
   */
  save(
    who: Who,
    register: string,
    item: string,
    change: RegisterChange,
    seen: string | null,
  ): Promise<z.infer<typeof RegisterDraft>>;
  /** Puts the rows of a sheet into the draft; a row of the same name is replaced. */
  import(
    who: Who,
    register: string,
    item: string,
    child: string,
    bytes: Buffer,
  ): Promise<z.infer<typeof RegisterImport>>;
  discard(who: Who, register: string, item: string): Promise<void>;
  /**
   * Checks the draft and writes it with its history. `seen`: its `savedAt` as the caller has it.
   * @throws Problem that names each wrong field; `stale` with the draft that another device has saved meanwhile
   */
  apply(who: Who, register: string, item: string, seen: string | null): Promise<void>;
}

export function createRegisterDrafts(core: Core, registers: RegisterService): RegisterDrafts {
  const mayEdit = (who: Who, { id, mirrored, byCases }: RegisterDeclaration, item: string): boolean =>
    !mirrored && !byCases && who.institutions.some((mine) => mine.register === id && mine.id === item);

  /** An entry is kept by those who act for it. */
  function own(who: Who, register: string, item: string): RegisterDeclaration {
    const declaration = registers.declaration(register);
    if (declaration.mirrored || declaration.byCases)
      throw notAllowed({ zh: `${declaration.title.zh}由办件写入，不能直接改`, en: 'This is written by cases only' });
    if (!mayEdit(who, declaration, item)) throw notFound();
    return declaration;
  }

  const at = (who: Who, register: string, item: string) => ({ register, item, person_id: who.personId });

  async function read(who: Who, register: string, item: string, on: Knex = core.db, lock = false) {
    const row = await on('register_draft')
      .where(at(who, register, item))
      .modify((query) => void (lock && query.forUpdate()))
      .first('change', 'updated_at');
    return { change: row?.change ?? { fields: {}, children: {} }, savedAt: row?.updated_at.toISOString() ?? null };
  }

  async function save(who: Who, register: string, item: string, change: RegisterChange, seen: string | null) {
    const fields = unknownNames(own(who, register, item), change);
    if (fields.length > 0) throw invalidInput({ fields });
    const written = await core
      .db('register_draft')
      .insert({ ...at(who, register, item), change: JSON.stringify(change), updated_at: core.time.now() })
      .onConflict(['register', 'item', 'person_id'])
      .merge()
      .whereRaw('register_draft.updated_at = ?::timestamptz or register_draft.change = excluded.change', [seen])
      .returning('item');
    if (written.length === 0) {
      const now = await read(who, register, item);
      throw staleWrite({ seen: now.savedAt, theirs: now.change, yours: change });
    }
    return read(who, register, item);
  }

  return {
    mayEdit,
    save,

    async import(who, register, item, name, bytes) {
      const child = own(who, register, item).children.find(({ id }) => id === name);
      if (!child) throw notFound();
      const { rows, errors } = await readSheet(bytes, typedColumns(child), MOST_ROWS);
      const { change, savedAt } = await read(who, register, item);
      const keyOf = (data: Data) => JSON.stringify(child.key.map((id) => data[id] ?? null));
      const kept: Data[] = [...(change.children[child.id] ?? []), ...rows.map(({ values }) => values)];
      const merged = [...new Map(kept.map((row) => [keyOf(row), row])).values()];
      const withRows = { ...change, children: { ...change.children, [child.id]: merged } };
      const draft = await save(who, register, item, withRows, savedAt);
      return { draft, taken: rows.length, errors: errors.map(({ value: _, ...error }) => error) };
    },

    async read(who, register, item) {
      own(who, register, item);
      return read(who, register, item);
    },

    async discard(who, register, item) {
      own(who, register, item);
      await core
        .db('register_draft')
        .where(at(who, register, item))
        .delete();
    },

    async apply(who, register, item, seen) {
      const declaration = own(who, register, item);
      await core.db.transaction(async (trx) => {
        const { change, savedAt } = await read(who, register, item, trx, true);
        if (savedAt === null) throw notFound({ zh: '没有暂存的修改', en: 'There is no draft' });
        if (savedAt !== seen) throw staleWrite({ seen: savedAt, theirs: change, yours: null });
        const wrong = wrongValues(declaration, change, shanghaiDay(core.time.now()));
        if (wrong.length > 0) throw invalidInput({ fields: wrong });
        for (const child of declaration.children)
          refuseApproved(child, change.children[child.id] ?? [], await registers.rows(register, item, child.id, trx));
        const children = Object.entries(change.children as RegisterChange['children']).map(([id, rows]) => [
          id,
          { rows, mode: 'merge' as const },
        ]);
        await registers.write(trx, {
          register,
          id: item,
          fields: change.fields,
          children: Object.fromEntries(children),
          by: who.personId,
        });
        await trx('register_draft')
          .where(at(who, register, item))
          .delete();
      });
    },
  };
}

function unknownNames(declaration: RegisterDeclaration, { fields, children }: RegisterChange): FieldProblem[] {
  const missing = (path: string): FieldProblem => ({ path, zh: `没有「${path}」这一项`, en: `There is no "${path}"` });
  const strange = (known: RegisterField[], data: Data) =>
    Object.keys(data).filter((id) => !known.some((field) => field.id === id && !field.byCases));
  return [
    ...strange(declaration.fields, fields).map(missing),
    ...Object.entries(children).flatMap(([id, rows]) => {
      const child = declaration.children.find((c) => c.id === id);
      return child
        ? [...new Set(rows.flatMap((row) => strange(child.fields, row)))].map((key) => missing(`${id}/${key}`))
        : [missing(id)];
    }),
  ];
}

function wrongValues(
  declaration: RegisterDeclaration,
  { fields, children }: RegisterChange,
  today: string,
): FieldProblem[] {
  const own = declaration.fields.flatMap((field) => wrongValue(field, fields, field.id, today));
  const needed = [declaration.unique, declaration.name].filter((id) => id && id in fields && isEmpty(fields[id]));
  return [
    ...needed.map((id) => ({ path: id!, zh: '不能为空', en: 'Must not be empty' })),
    ...own,
    ...declaration.children.flatMap((child) =>
      (children[child.id] ?? []).flatMap((row, i) => [
        ...child.fields.flatMap((field) => wrongValue(field, row, `${child.id}/${i + 1}/${field.id}`, today)),
        ...child.key.filter((id) => isEmpty(row[id])).map((id) => unnamed(child, id, i + 1)),
      ]),
    ),
  ];
}

const unnamed = (child: RegisterChild, id: string, row: number): FieldProblem => {
  const { label } = child.fields.find((field) => field.id === id)!;
  return {
    path: `${child.id}/${row}/${id}`,
    zh: `${child.label.zh}第 ${row} 行　${label.zh}：未填`,
    en: `${child.label.en}, row ${row}, ${label.en}: missing`,
  };
};

function wrongValue(column: RegisterField, data: Data, path: string, today: string): FieldProblem[] {
  const { type, label, options } = column;
  const value = data[column.id];
  if (isEmpty(value)) return [];
  const shape = type === 'number' || type === 'money' ? 'number' : type === 'check-list' ? 'object' : 'string';
  if (typeof value !== shape) return [{ path, zh: `${label.zh}：值的类型不对`, en: `${label.en}: has the wrong type` }];
  // Without options of its own, the forms that use it say what may be chosen.
  if ((type === 'choice' || type === 'check-list') && !options) return [];
  return kinds[type]
    .check(value, fieldOf(column), { data, today })
    .filter((finding) => finding.severity === 'error')
    .map((finding) => ({ path, zh: `${label.zh}：${finding.zh}`, en: `${label.en}: ${finding.en}` }));
}

/** Approved rows are what the certificate says. */
function refuseApproved(child: RegisterChild, rows: Data[], there: { data: Data }[]): void {
  const keyOf = (data: Data) => JSON.stringify(child.key.map((id) => data[id] ?? null));
  const approved = new Map(there.filter(({ data }) => data.approvedCase).map(({ data }) => [keyOf(data), data]));
  const touched = rows.flatMap((row, i) => {
    const now = approved.get(keyOf(row));
    return now && Object.keys(row).some((id) => (row[id] ?? null) !== (now[id] ?? null)) ? [i + 1] : [];
  });
  if (touched.length > 0)
    throw rowApproved({
      fields: touched.map((row) => ({
        path: `${child.id}/${row}`,
        zh: `${child.label.zh}第 ${row} 行已批准，申请变更后才能改`,
        en: `${child.label.en}, row ${row} is approved; apply for a change`,
      })),
    });
}
