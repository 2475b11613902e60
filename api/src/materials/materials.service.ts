/**
 * Materials of an application per required item: several files each; a file that is replaced stays in the record.
 * Which items apply is a FEEL condition over the form's fields.
 */
import type { Knex } from 'knex';
import type { MaterialFile, MaterialItem } from '../../../contracts/api/index.ts';
import type { MaterialDecl, Release } from '../../../contracts/flow.ts';
import { compileCondition } from '../../../contracts/forms/index.ts';
import { notAllowed, notFound, problemKind, shanghaiDay, type Core, type Who } from '../core/index.ts';
import { acceptFile, mimeOf, type Upload } from '../files/index.ts';

export const tooManyFiles = problemKind(
  'too-many-files',
  409,
  '这一项的文件已满',
  'This item has no room for more files',
);
export const materialLocked = problemKind(
  'material-locked',
  403,
  '这项材料这次不能改',
  'This material may not be changed now',
);

export type Access = { mode: 'edit'; open: 'all' | string[]; release: Release } | { mode: 'read'; release: Release };

export interface MaterialDeps {
  access(who: Who, owner: string, form: string): Promise<Access | null>;
  /** Version of the form that is worked on. */
  version(owner: string, form: string): Promise<number>;
}

interface MaterialRow {
  id: string;
  owner: string;
  item: string;
  file_hash: string;
  name: string;
  size: string;
  type: string;
  uploaded_at: Date;
  replaced_at: Date | null;
}

export interface MaterialService {
  /** All items of the flow in their order; `data` are the form's fields, for the conditions. */
  list(owner: string, release: Release, data: Record<string, unknown>): Promise<MaterialItem[]>;
  add(who: Who, owner: string, form: string, item: string, upload: Upload): Promise<MaterialFile>;
  remove(who: Who, owner: string, form: string, item: string, file: string): Promise<void>;
  /** A file for reading by whoever may read the form. @throws Problem not-found */
  file(who: Who, id: string): Promise<{ bytes: Buffer; name: string; type: string }>;
}

export function createMaterialService(core: Core, deps: MaterialDeps): MaterialService {
  const { db, time } = core;

  async function editable(
    who: Who,
    owner: string,
    form: string,
    item: string,
  ): Promise<{ release: Release; decl: MaterialDecl }> {
    const access = await deps.access(who, owner, form);
    const decl = access?.release.package.flow.materials.find((m) => m.id === item);
    if (!access || !decl || access.release.package.flow.form !== form) throw notFound();
    if (access.mode !== 'edit')
      throw notAllowed({ zh: '现在不能改材料，只能查看', en: 'Materials may only be read now' });
    if (access.open !== 'all' && !access.open.some((path) => path === 'materials' || path === `materials/${item}`))
      throw materialLocked({
        zh: `「${decl.title.zh}」这次不能改，只能改通知里指明的内容`,
        en: `“${decl.title.en}” may not be changed now, only what the notice names`,
      });
    return { release: access.release, decl };
  }

  return {
    async list(owner, release, data) {
      const rows: MaterialRow[] = await db('material').where({ owner }).orderBy(['uploaded_at', 'id']);
      const context = { today: shanghaiDay(time.now()) };
      return release.package.flow.materials.map((decl) => ({
        item: decl.id,
        title: decl.title.zh,
        required: decl.required,
        applies: decl.when === undefined || compileCondition(decl.when).evaluate(data, context) === true,
        hint: decl.hint?.zh ?? null,
        open: true,
        files: rows.filter((row) => row.item === decl.id).map(view),
      }));
    },

    async add(who, owner, form, item, upload) {
      const { decl } = await editable(who, owner, form, item);
      const type = await acceptFile(upload.name, upload.bytes, decl.types);
      const { hash, size } = await core.files.put(upload.bytes);
      const version = await deps.version(owner, form);
      const row = await db.transaction(async (trx) => {
        await lock(trx, owner, item);
        const there = await trx('material').where({ owner, item }).whereNull('replaced_at').count('* as n').first();
        if (Number(there!.n) >= decl.max)
          throw tooManyFiles({
            zh: `「${decl.title.zh}」最多 ${decl.max} 件。先删去一件再传`,
            en: `“${decl.title.en}” takes at most ${decl.max} files; remove one first`,
          });
        const [made] = await trx('material')
          .insert({
            owner,
            item,
            file_hash: hash,
            name: upload.name,
            size,
            type: mimeOf(type),
            version,
            uploaded_at: time.now(),
            uploaded_by: who.personId,
          })
          .returning('*');
        return made;
      });
      return view(row);
    },

    async remove(who, owner, form, item, file) {
      await editable(who, owner, form, item);
      const gone = await db('material')
        .where({ id: file, owner, item })
        .whereNull('replaced_at')
        .update({ replaced_at: time.now(), replaced_by: who.personId });
      if (gone === 0) throw notFound();
    },

    async file(who, id) {
      const row: MaterialRow | undefined = await db('material').where({ id }).first();
      if (!row) throw notFound();
      const of = await db('draft').where({ id: row.owner }).first('form');
      if (!of || !(await deps.access(who, row.owner, of.form))) throw notFound();
      return { bytes: await core.files.get(row.file_hash), name: row.name, type: row.type };
    },
  };
}

/** The most files of an item are counted one upload after the other. */
async function lock(trx: Knex.Transaction, owner: string, item: string): Promise<void> {
  await trx.raw(`select pg_advisory_xact_lock(hashtextextended('material:' || ? || ?, 0))`, [owner, item]);
}

function view(row: MaterialRow): MaterialFile {
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
