import { z } from 'zod';
import { ArchivePage, type ArchiveItem } from '../../../contracts/api/index.ts';
import type { Release } from '../../../contracts/flow.ts';
import { defineRoute, notFound, type AnyRoute, type Core, type Who } from '../core/index.ts';
import { mimeOf, sendFile, typeOf } from '../files/index.ts';
import { contentsOf, type ContentRow } from './contents.ts';

const PAGE = 20;

export interface ArchiveRouteDeps {
  release(id: string): Promise<Release>;
  /** Whether this person sees an entry of a register. */
  visible(who: Who, register: string, id: string): Promise<boolean>;
}

interface FileRow {
  id: string;
  case_id: string;
  case_number: string;
  release_id: string;
  version: number;
  number: string;
  title: string;
  archived_at: Date;
}

export function archiveRoutes({ db, files }: Pick<Core, 'db' | 'files'>, deps: ArchiveRouteDeps): AnyRoute[] {
  return [
    defineRoute({
      method: 'get',
      path: '/archive/:register/:item',
      title: { zh: '电子档案', en: 'Electronic file of a subject' },
      rights: { kind: 'object' },
      params: z.object({ register: z.string().max(60), item: z.uuid() }),
      query: z.object({ after: z.uuid().optional() }),
      answer: ArchivePage,
      async handle({ who, params: { register, item: subject }, query: { after } }) {
        await assertReader(who, register, subject);
        const query = db('archive_file as f')
          .join('case as c', 'c.id', 'f.case_id')
          .where({ 'f.register': register, 'f.subject_id': subject, 'f.superseded_at': null })
          .orderByRaw('f.archived_at desc, f.id desc')
          .limit(PAGE + 1)
          .select('f.*', 'c.number as case_number', 'c.title', 'c.release_id');
        if (after)
          query.whereRaw('(f.archived_at, f.id) < (select archived_at, id from archive_file where id = ?)', [after]);
        const rows: FileRow[] = await query;
        const shown = rows.slice(0, PAGE);
        return {
          files: await Promise.all(shown.map(fileOf)),
          next: rows.length > PAGE ? shown.at(-1)!.id : null,
        };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/archive/files/:file/:hash',
      title: { zh: '下载档案里的一件', en: 'Download an item of an electronic file' },
      rights: { kind: 'object' },
      params: z.object({ file: z.uuid(), hash: z.string().regex(/^[0-9a-f]{64}$/) }),
      answer: 'file',
      async handle({ who, params: { file: id, hash }, res }) {
        const file = await db('archive_file as f')
          .join('case as c', 'c.id', 'f.case_id')
          .where('f.id', id)
          .first('f.*', 'c.release_id');
        if (!file) throw notFound();
        await assertReader(who, file.register, file.subject_id);
        const { items, now } = await itemsOf(file);
        const item = [...items, ...now].find((one) => one.hash === hash);
        if (!item) throw notFound();
        const bytes = await files.get(hash);
        const type = await typeOf(bytes);
        const name = [item.title, item.number].filter(Boolean).join(' ');
        const ending = type && !name.endsWith(`.${type}`) ? `.${type}` : '';
        sendFile(res, { bytes, name: `${name}${ending}`, type: mimeOf(type), download: true });
      },
    }),
  ];

  /** Applicants get what was served on them; a file holds what the office wrote for itself, too. @throws not-found */
  async function assertReader(who: Who, register: string, subject: string): Promise<void> {
    if (who.kind !== 'staff' || !(await deps.visible(who, register, subject))) throw notFound();
  }

  /** What the list names, and what the case has by now. */
  async function itemsOf(file: Pick<FileRow, 'id' | 'case_id' | 'release_id'>) {
    const items: ContentRow[] = await db('archive_item').where({ archive_id: file.id }).orderBy('position');
    return { items, now: await contentsOf(db, file.case_id, await deps.release(file.release_id)) };
  }

  async function fileOf(file: FileRow) {
    const { items, now } = await itemsOf(file);
    const known = new Set(items.map(keyOf));
    return {
      ...{ id: file.id, number: file.number, version: file.version, title: file.title },
      ...{ caseId: file.case_id, caseNumber: file.case_number, archivedAt: file.archived_at.toISOString() },
      items: items.map(itemOf),
      later: now.filter((item) => !known.has(keyOf(item))).map(itemOf),
    };
  }
}

const keyOf = ({ ref, hash }: ContentRow) => `${ref} ${hash}`;

const itemOf = ({ kind, title, number, made_at, hash }: ContentRow): ArchiveItem => ({
  ...{ kind, title, number, hash },
  madeAt: made_at.toISOString(),
});
