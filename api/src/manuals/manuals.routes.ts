import { z } from 'zod';
import { Manual, ManualId, ManualList } from '../../../contracts/api/index.ts';
import { defineRoute, type AnyRoute } from '../core/index.ts';
import { sendFile } from '../files/index.ts';
import type { Manuals } from './manuals.ts';

const One = z.object({ manual: ManualId });

export function manualRoutes(manuals: Manuals): AnyRoute[] {
  return [
    defineRoute({
      method: 'get',
      path: '/manuals',
      title: { zh: '使用手册目录', en: 'Manuals' },
      rights: { kind: 'public' },
      answer: ManualList,
      handle: () => manuals.list(),
    }),
    defineRoute({
      method: 'get',
      path: '/manuals/:manual',
      title: { zh: '使用手册', en: 'A manual' },
      rights: { kind: 'public' },
      params: One,
      answer: Manual,
      handle: ({ params }) => manuals.read(params.manual),
    }),
    defineRoute({
      method: 'get',
      path: '/manuals/:manual/file',
      title: { zh: '下载使用手册', en: 'Download a manual' },
      rights: { kind: 'public' },
      params: One,
      answer: 'file',
      async handle({ params, res }) {
        sendFile(res, { ...(await manuals.file(params.manual)), type: 'text/html; charset=utf-8', download: true });
      },
    }),
    defineRoute({
      method: 'get',
      path: '/manual-pictures/:picture',
      title: { zh: '使用手册的插图', en: 'A picture of a manual' },
      rights: { kind: 'public' },
      params: z.object({ picture: z.string().max(80) }),
      answer: 'file',
      async handle({ params, res }) {
        sendFile(res, { ...(await manuals.picture(params.picture)), name: params.picture });
      },
    }),
  ];
}
