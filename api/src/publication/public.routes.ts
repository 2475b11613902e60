/** Lists of what the authority made public, for everybody. */
import { z } from 'zod';
import { PublishedEntry, PublishedPage } from '../../../contracts/api/index.ts';
import type { PublicationList } from '../../../contracts/flow.ts';
import {
  createRateLimit,
  defineRoute,
  notFound,
  type AnyRoute,
  type Core,
  type PublicDatabase,
} from '../core/index.ts';
import { sendFile } from '../files/index.ts';
import { cut, pageQuery, paged } from './page.ts';

interface Published {
  id: string;
  list: string;
  title: string;
  fields: { label: string; value: string }[];
  document_title: string | null;
  document_hash: string | null;
  office_name: string;
  published_at: Date;
  until: string | null;
}

const params = z.object({ publication: z.uuid() });
const GONE = { zh: '没有这条公开信息，可能已撤下', en: 'There is no such entry; it may have been withdrawn' };

export function publicRoutes(
  { files }: Pick<Core, 'files'>,
  { database, lists }: { database: PublicDatabase; lists: PublicationList[] },
): AnyRoute[] {
  const perReader = createRateLimit({ limit: 240, minutes: 1 });
  const listOf = (id: string) => lists.find((list) => list.id === id) ?? { id, zh: id, en: id };

  const rowOf = ({ id, list, title, office_name, published_at, until }: Published) => ({
    ...{ id, list: listOf(list), title, office: office_name, until },
    publishedAt: published_at.toISOString(),
  });

  async function find(id: string): Promise<Published> {
    const found = await database.read((trx) => trx('published as p').where('p.id', id).first());
    if (!found) throw notFound(GONE);
    return found;
  }

  return [
    defineRoute({
      method: 'get',
      path: '/public/publications',
      title: { zh: '公示公告', en: 'Announcements' },
      rights: { kind: 'public' },
      query: z.object(pageQuery),
      answer: PublishedPage,
      async handle({ query, req, res }) {
        await perReader(req, res);
        const rows: Published[] = await database.read(async (trx) => paged(trx('published as p'), query));
        const { shown, next } = cut(rows);
        return { lists, rows: shown.map(rowOf), next };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/public/publications/:publication',
      title: { zh: '一条公开信息', en: 'One announcement' },
      rights: { kind: 'public' },
      params,
      answer: PublishedEntry,
      async handle({ params: { publication } }) {
        const found = await find(publication);
        return {
          ...rowOf(found),
          fields: found.fields,
          document: found.document_hash
            ? { title: found.document_title ?? '', href: `/api/v1/public/publications/${found.id}/document` }
            : null,
        };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/public/publications/:publication/document',
      title: { zh: '公开的文书', en: 'The document of an announcement' },
      rights: { kind: 'public' },
      params,
      answer: 'file',
      async handle({ params: { publication }, req, res }) {
        await perReader(req, res);
        const { document_hash: hash, document_title: title } = await find(publication);
        if (!hash) throw notFound(GONE);
        sendFile(res, { bytes: await files.get(hash), name: `${title}.pdf`, type: 'application/pdf' });
      },
    }),
  ];
}
