/** Required materials of a flow: several files for each item, replaced ones are kept. */
import type { Knex } from 'knex';
import type { MaterialItem } from '../../../contracts/api/index.ts';
import type { FlowJson, MaterialDecl, Release } from '../../../contracts/flow.ts';
import { compileCondition } from '../../../contracts/forms/index.ts';
import { sampleLinks } from '../catalogue/index.ts';
import { notFound, problemKind, shanghaiDay, type Core, type Who } from '../core/index.ts';
import { acceptFile, mimeOf, type Upload } from '../files/index.ts';
import { assertOpen, type FormSessions } from '../forms/index.ts';

export const tooManyFiles = problemKind('too-many-files', 409, '这项材料的件数已满', 'No more files for this item');

type Data = Record<string, unknown>;

export interface KeptFile {
  owner: string;
  form: string;
  item: string;
  name: string;
  hash: string;
  size: number;
  type: string;
  version: number;
  by: string | null;
}

export interface Materials {
  /** All items of the flow, with whether they apply to this form data (default: as it stands now). */
  list(owner: string, release: Release, data?: Data): Promise<MaterialItem[]>;
  /** `replaces`: a file that the new one stands for. */
  add(who: Who, owner: string, form: string, item: string, upload: Upload, replaces?: string): Promise<MaterialItem>;
  remove(who: Who, owner: string, form: string, item: string, file: string): Promise<MaterialItem>;
  /** Files that are made here: lists of faulty rows. An earlier one of the item is replaced. Answers its id. */
  keep(trx: Knex.Transaction, file: KeptFile): Promise<string>;
  find(
    id: string,
  ): Promise<{ owner: string; form: string; item: string; name: string; type: string; hash: string } | null>;
}

export function createMaterialsService(core: Core, sessions: FormSessions): Materials {
  const { db } = core;

  async function list(owner: string, { package: { flow } }: Release, given?: Data): Promise<MaterialItem[]> {
    const data = given ?? (await sessions.data({ owner, form: flow.form }));
    const rows: FileRow[] = await db('material').where({ owner }).orderBy('uploaded_at').orderBy('id');
    return flow.materials.map((decl) => itemOf(flow.id, decl, applies(decl, data), rows));
  }

  function applies(decl: MaterialDecl, data: Data): boolean {
    if (!decl.when) return true;
    return compileCondition(decl.when).evaluate(data, { today: shanghaiDay(core.time.now()) }) === true;
  }

  async function edit(who: Who, owner: string, form: string, item: string) {
    const editing = await sessions.edit(who, owner, form);
    const { flow } = editing.access.release.package;
    const decl = declOf(flow, form, item);
    assertOpen(editing.access.open, [{ path: `materials/${item}`, label: decl.title.zh }]);
    const one = async () => (await list(owner, editing.access.release)).find((m) => m.item === item)!;
    return { editing, decl, one };
  }

  return {
    list,

    async add(who, owner, form, item, { name, bytes }, replaces) {
      const { editing, decl, one } = await edit(who, owner, form, item);
      const type = mimeOf(await acceptFile(name, bytes, decl.types));
      const { hash, size } = await core.files.put(bytes);
      await sessions.changeBeside(editing, async (trx, { version }) => {
        if (replaces) await takeAway(trx, { owner, item, id: replaces }, version, who);
        const [{ count }] = await trx('material').where({ owner, item }).whereNull('replaced_at').count();
        if (Number(count) >= decl.max)
          throw tooManyFiles({
            zh: `「${decl.title.zh}」最多 ${decl.max} 件。先删去一件，或替换其中一件`,
            en: `At most ${decl.max} files for "${decl.title.en}"; remove or replace one`,
          });
        await insert(trx, { owner, form, item, name, hash, size, type, version, by: who.personId });
      });
      return one();
    },

    async remove(who, owner, form, item, file) {
      const { editing, one } = await edit(who, owner, form, item);
      await sessions.changeBeside(editing, (trx, { version }) =>
        takeAway(trx, { owner, item, id: file }, version, who),
      );
      return one();
    },

    async keep(trx, file) {
      await trx('material')
        .where({ owner: file.owner, item: file.item })
        .whereNull('replaced_at')
        .update({ replaced_at: core.time.now(), replaced_by: file.by });
      return insert(trx, file);
    },

    async find(id) {
      return (
        (await db('material').where({ id }).first('owner', 'form', 'item', 'name', 'type', 'file_hash as hash')) ?? null
      );
    },
  };

  async function insert(trx: Knex.Transaction, { hash, by, ...file }: KeptFile): Promise<string> {
    const [{ id }] = await trx('material')
      .insert({ ...file, file_hash: hash, uploaded_at: core.time.now(), uploaded_by: by })
      .returning('id');
    return id;
  }

  /** A file that nobody but its owner has seen yet goes; one of a closed version stays, as replaced. */
  async function takeAway(
    trx: Knex.Transaction,
    place: { owner: string; item: string; id: string },
    version: number,
    who: Who,
  ): Promise<void> {
    const file = await trx('material').where(place).whereNull('replaced_at').first('version');
    if (!file) throw notFound({ zh: '这件材料已不在', en: 'This file is gone' });
    if (file.version === version) await trx('material').where(place).delete();
    else await trx('material').where(place).update({ replaced_at: core.time.now(), replaced_by: who.personId });
  }
}

interface FileRow {
  id: string;
  item: string;
  name: string;
  size: string;
  type: string;
  uploaded_at: Date;
  replaced_at: Date | null;
}

function declOf(flow: FlowJson, form: string, item: string): MaterialDecl {
  const decl = form === flow.form ? flow.materials.find((m) => m.id === item) : undefined;
  if (!decl) throw notFound({ zh: `没有材料项「${item}」`, en: `There is no material "${item}"` });
  return decl;
}

function itemOf(flow: string, decl: MaterialDecl, applies: boolean, rows: FileRow[]): MaterialItem {
  return {
    item: decl.id,
    title: decl.title.zh,
    required: decl.required,
    applies,
    hint: decl.hint?.zh ?? null,
    open: false,
    types: decl.types,
    max: decl.max,
    ...sampleLinks(flow, decl),
    files: rows.filter((row) => row.item === decl.id).map(fileOf),
  };
}

function fileOf(row: FileRow): MaterialItem['files'][number] {
  return {
    id: row.id,
    name: row.name,
    size: Number(row.size),
    type: row.type,
    uploadedAt: row.uploaded_at.toISOString(),
    replaced: row.replaced_at !== null,
    href: `/api/v1/files/${row.id}`,
  };
}
