import { z } from 'zod';
import { RegisterApplyBody, RegisterDraft, RegisterDraftBody, RegisterImport } from '../../../contracts/api/index.ts';
import { defineRoute, type AnyRoute } from '../core/index.ts';
import type { Uploads } from '../files/index.ts';
import type { RegisterDrafts } from './drafts.ts';

const Item = z.object({ register: z.string().max(60), item: z.guid() });
const path = '/registers/:register/:item/draft';

export function draftRoutes(uploads: Uploads, drafts: RegisterDrafts): AnyRoute[] {
  return [
    defineRoute({
      method: 'get',
      path,
      title: { zh: '暂存的修改', en: 'Draft of an entry' },
      rights: { kind: 'object' },
      params: Item,
      answer: RegisterDraft,
      handle: ({ who, params }) => drafts.read(who, params.register, params.item),
    }),
    defineRoute({
      method: 'put',
      path,
      title: { zh: '暂存修改', en: 'Keep a draft of an entry' },
      rights: { kind: 'object' },
      params: Item,
      body: RegisterDraftBody,
      answer: RegisterDraft,
      handle: ({ who, params, body: { seen, ...change } }) =>
        drafts.save(who, params.register, params.item, change, seen),
    }),
    defineRoute({
      method: 'delete',
      path,
      title: { zh: '放弃暂存的修改', en: 'Give up a draft of an entry' },
      rights: { kind: 'object' },
      params: Item,
      answer: z.object({}),
      async handle({ who, params }) {
        await drafts.discard(who, params.register, params.item);
        return {};
      },
    }),
    defineRoute({
      method: 'post',
      path: `${path}/rows/:child/import`,
      title: { zh: '导入明细到暂存', en: 'Import rows from Excel into a draft' },
      rights: { kind: 'object' },
      params: Item.extend({ child: z.string().max(60) }),
      answer: RegisterImport,
      async handle({ who, params, req }) {
        await drafts.read(who, params.register, params.item);
        const { bytes } = await uploads.read(who, req);
        return drafts.import(who, params.register, params.item, params.child, bytes);
      },
    }),
    defineRoute({
      method: 'post',
      path: `${path}/apply`,
      title: { zh: '保存到机构档案', en: 'Write a draft into the register' },
      rights: { kind: 'object' },
      params: Item,
      body: RegisterApplyBody,
      answer: z.object({}),
      async handle({ who, params, body: { seen } }) {
        await drafts.apply(who, params.register, params.item, seen);
        return {};
      },
    }),
  ];
}
