/** Applications before they are submitted. */
import { z } from 'zod';
import { DraftRow, NewerForm } from '../../../contracts/api/index.ts';
import type { AnyRoute, Core } from '../core/index.ts';
import { defineRoute } from '../core/index.ts';
import { sendFile } from '../files/index.ts';
import { createDraftService, type DraftDeps } from './drafts.service.ts';

export { toSeal, type DraftDeps } from './drafts.service.ts';
export { createKeeping, KEPT_DAYS } from './keeping.ts';
export { createNewerForms, type NewerForms } from './newer.ts';

const Owner = z.object({ owner: z.uuid() });
const Book = z.object({ href: z.string(), hash: z.string() });

export function createDrafts(core: Core, deps: DraftDeps): { routes: AnyRoute[] } {
  const drafts = createDraftService(core, deps);
  const href = (owner: string, hash: string) => `/api/v1/drafts/${owner}/book?v=${hash.slice(0, 12)}`;
  return {
    routes: [
      defineRoute({
        method: 'post',
        path: '/drafts',
        title: { zh: '开始申请', en: 'Begin an application' },
        rights: { kind: 'signed-in' },
        body: z.object({
          flow: z.string().max(60),
          institution: z.uuid().optional(),
          subject: z.uuid().optional(),
          office: z.string().max(9).optional(),
          certificate: z.uuid().optional(),
        }),
        answer: z.object({ id: z.string() }),
        handle: ({ who, body }) => drafts.create(who, body),
      }),
      defineRoute({
        method: 'get',
        path: '/drafts',
        title: { zh: '我的草稿', en: 'My drafts' },
        rights: { kind: 'signed-in' },
        answer: z.object({ rows: z.array(DraftRow) }),
        handle: async ({ who }) => ({ rows: await drafts.list(who) }),
      }),
      defineRoute({
        method: 'delete',
        path: '/drafts/:owner',
        title: { zh: '放弃草稿', en: 'Give up a draft' },
        rights: { kind: 'object' },
        params: Owner,
        answer: z.object({}),
        async handle({ who, params }) {
          await drafts.discard(who, params.owner);
          return {};
        },
      }),
      defineRoute({
        method: 'get',
        path: '/drafts/:owner/newer',
        title: { zh: '查看新版表单的不同', en: 'What a newer form asks for otherwise' },
        rights: { kind: 'object' },
        params: Owner,
        answer: z.object({ newer: NewerForm.nullable() }),
        handle: async ({ who, params }) => ({ newer: await drafts.newer(who, params.owner) }),
      }),
      defineRoute({
        method: 'post',
        path: '/drafts/:owner/newer',
        title: { zh: '换到新版表单', en: 'Go on with the newer form' },
        rights: { kind: 'object' },
        params: Owner,
        answer: z.object({}),
        async handle({ who, params }) {
          await drafts.takeNewer(who, params.owner);
          return {};
        },
      }),
      defineRoute({
        method: 'post',
        path: '/drafts/:owner/book',
        title: { zh: '生成申请书', en: 'Make the application book' },
        rights: { kind: 'object' },
        params: Owner,
        answer: Book,
        async handle({ who, params: { owner } }) {
          const { hash } = await drafts.book(who, owner);
          return { href: href(owner, hash), hash };
        },
      }),
      defineRoute({
        method: 'get',
        path: '/drafts/:owner/book',
        title: { zh: '查看申请书', en: 'Read the application book' },
        rights: { kind: 'object' },
        params: Owner,
        query: z.object({ v: z.string().optional(), download: z.string().optional() }),
        answer: 'file',
        async handle({ who, params, query, res }) {
          const bytes = await drafts.bookFile(who, params.owner);
          sendFile(res, { bytes, name: '申请书.pdf', type: 'application/pdf', download: query.download !== undefined });
        },
      }),
      defineRoute({
        method: 'post',
        path: '/drafts/:owner/seal',
        title: { zh: '申请书签章', en: 'Seal the application book' },
        rights: { kind: 'object' },
        params: Owner,
        answer: Book.extend({ at: z.string() }),
        async handle({ who, params: { owner } }) {
          const { hash, at } = await drafts.seal(who, owner);
          return { href: href(owner, hash), hash, at };
        },
      }),
    ],
  };
}
