/** Several tasks decided or transferred at once. */
import { z } from 'zod';
import { BatchBody, BatchPage, BatchSendBody, BatchView } from '../../../contracts/api/index.ts';
import type { Release } from '../../../contracts/flow.ts';
import { defineRoute, type AnyRoute, type Core } from '../core/index.ts';
import { createBatches, type BatchDeps, type Batches } from './batch.service.ts';
import { createViewBatch } from './view.ts';

export { UNDO_SECONDS } from './settings.ts';

const Batch = z.object({ batch: z.uuid() });

export function createBatch(
  core: Core,
  deps: Omit<BatchDeps, 'show'> & { release(id: string): Promise<Release> },
): { pump: Batches['pump']; routes: AnyRoute[] } {
  const batches = createBatches(core, { ...deps, show: createViewBatch(core, deps) });
  const routes = [
    defineRoute({
      method: 'post',
      path: '/batches',
      title: { zh: '批量办理前检查', en: 'Check a batch' },
      rights: { kind: 'staff' },
      body: BatchBody,
      answer: BatchView,
      handle: ({ who, body }) => batches.check(who, body),
    }),
    defineRoute({
      method: 'get',
      path: '/batches',
      title: { zh: '我的批量办理', en: 'One’s own batches' },
      rights: { kind: 'staff' },
      query: z.object({
        open: z.stringbool().default(false),
        after: z.string().max(100).optional(),
        limit: z.coerce.number().int().min(1).max(100).default(40),
      }),
      answer: BatchPage,
      handle: ({ who, query }) => batches.list(who, query),
    }),
    defineRoute({
      method: 'get',
      path: '/batches/:batch',
      title: { zh: '批量办理的结果', en: 'What became of a batch' },
      rights: { kind: 'object' },
      params: Batch,
      answer: BatchView,
      handle: ({ who, params }) => batches.view(who, params.batch),
    }),
    defineRoute({
      method: 'post',
      path: '/batches/:batch/send',
      title: { zh: '批量提交', en: 'Send a batch' },
      rights: { kind: 'object' },
      params: Batch,
      body: BatchSendBody,
      answer: BatchView,
      handle: ({ who, params, body }) => batches.send(who, params.batch, body),
    }),
    defineRoute({
      method: 'post',
      path: '/batches/:batch/undo',
      title: { zh: '撤销批量办理', en: 'Undo a batch' },
      rights: { kind: 'object' },
      params: Batch,
      answer: BatchView,
      handle: ({ who, params }) => batches.undo(who, params.batch),
    }),
  ];
  return { pump: batches.pump, routes };
}
