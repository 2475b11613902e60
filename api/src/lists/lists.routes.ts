import { z } from 'zod';
import {
  CaseListPage,
  ListCounts,
  ListFilter,
  ListName,
  SavedFilter,
  SavedFilterBody,
} from '../../../contracts/api/index.ts';
import type { AnyRoute, Core } from '../core/index.ts';
import { defineRoute, invalidInput, notFound } from '../core/index.ts';
import type { CaseLists } from './lists.ts';

/** Filters that one person keeps. */
const MOST_FILTERS = 50;

const LISTS = {
  sent: { zh: '我发起的', en: 'Sent by me' },
  copied: { zh: '抄送我的', en: 'Copied to me' },
  watched: { zh: '关注', en: 'Watched' },
} as const;

export function listRoutes({ db, time }: Core, lists: CaseLists): AnyRoute[] {
  const filtered = z.object({
    ...ListFilter.shape,
    after: z.string().max(200).optional(),
    limit: z.coerce.number().int().min(1).max(100).default(40),
  });
  return [
    ...(['sent', 'copied', 'watched'] as const).map((list) =>
      defineRoute({
        method: 'get',
        path: `/lists/${list}`,
        title: LISTS[list],
        rights: { kind: 'signed-in' },
        query: filtered,
        answer: CaseListPage,
        handle: ({ who, query }) => lists.page(who, list, query),
      }),
    ),
    defineRoute({
      method: 'get',
      path: '/lists/counts',
      title: { zh: '各列表的件数', en: 'Counts of the lists' },
      rights: { kind: 'signed-in' },
      answer: ListCounts,
      handle: ({ who }) => lists.counts(who),
    }),
    defineRoute({
      method: 'get',
      path: '/filters',
      title: { zh: '我的筛选', en: 'Filters kept by name' },
      rights: { kind: 'signed-in' },
      query: z.object({ list: ListName.optional() }),
      answer: z.object({ rows: z.array(SavedFilter) }),
      async handle({ who, query }) {
        const rows = db('saved_filter').where({ person_id: who.personId }).orderBy(['list', 'saved_at', 'id']);
        if (query.list) rows.where({ list: query.list });
        return { rows: await rows.select('id', 'list', 'name', 'query') };
      },
    }),
    defineRoute({
      method: 'put',
      path: '/filters',
      title: { zh: '存为筛选', en: 'Keep a filter by name' },
      rights: { kind: 'signed-in' },
      body: SavedFilterBody,
      answer: SavedFilter,
      async handle({ who, body }) {
        const [{ count }] = await db('saved_filter').where({ person_id: who.personId }).count();
        if (Number(count) >= MOST_FILTERS)
          throw invalidInput({
            fields: [
              { path: 'name', zh: `最多 ${MOST_FILTERS} 个筛选，先删去不用的`, en: 'Delete one you no longer use' },
            ],
          });
        const [row] = await db('saved_filter')
          .insert({ person_id: who.personId, ...body, saved_at: time.now() })
          .onConflict(['person_id', 'list', 'name'])
          .merge(['query'])
          .returning(['id', 'list', 'name', 'query']);
        return row;
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/filters/:filter',
      title: { zh: '删去筛选', en: 'Delete a kept filter' },
      rights: { kind: 'object' },
      params: z.object({ filter: z.uuid() }),
      answer: z.object({}),
      async handle({ who, params }) {
        const deleted = await db('saved_filter').where({ id: params.filter, person_id: who.personId }).delete();
        if (deleted === 0) throw notFound();
        return {};
      },
    }),
  ];
}
