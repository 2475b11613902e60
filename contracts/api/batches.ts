/** Several tasks decided or transferred at once: checked, held for some seconds, sent. */
import { z } from 'zod';

const Said = z.object({ zh: z.string(), en: z.string() });

/** More tasks are not taken in one batch. */
export const BATCH_MOST = 200;

const Tasks = z.array(z.string().min(1).max(64)).min(1).max(BATCH_MOST);

export const BatchBody = z.discriminatedUnion('act', [
  z.object({ act: z.literal('decide'), tasks: Tasks, outcome: z.string().min(1).max(60) }),
  z.object({ act: z.literal('transfer'), tasks: Tasks, to: z.uuid() }),
]);
export type BatchBody = z.infer<typeof BatchBody>;

export const BatchSendBody = z.object({
  opinion: z.string().max(4000).default(''),
  reason: z.string().trim().max(1000).default(''),
});

/** `checked`: not sent; `holding`: its tasks are being set aside; `held`: may be undone until `holdUntil`. */
export const BatchState = z.enum(['checked', 'holding', 'held', 'sending', 'sent', 'undone']);
export type BatchState = z.infer<typeof BatchState>;

export const BatchItem = z.object({
  taskId: z.string(),
  /** Null where the person does not see the task. */
  case: z.object({ id: z.string(), number: z.string(), subjectName: z.string(), stepName: z.string() }).nullable(),
  /**
   * `ready` and `refused` as checked; `queued` and later: what became of it. `confirming`: people were added after the
   * decision and are awaited; `returned`: one of them did not agree.
   */
  state: z.enum([
    ...['ready', 'refused', 'held', 'undone', 'queued', 'done', 'overtaken', 'blocked'],
    ...['confirming', 'returned'],
  ] as const),
  message: Said.nullable(),
});
export type BatchItem = z.infer<typeof BatchItem>;

export const BatchRow = z.object({
  id: z.string(),
  act: z.enum(['decide', 'transfer']),
  /** What is done with each: the outcome's name, or to whom it is transferred. */
  title: Said,
  /** What sending has to bring. */
  needs: z.array(z.enum(['opinion', 'reason'])),
  opinion: z.string(),
  reason: z.string(),
  state: BatchState,
  /** The click: the moment of its decisions. */
  askedAt: z.string().nullable(),
  holdUntil: z.string().nullable(),
  /** By the server's clock; null where nothing is held. */
  secondsLeft: z.number().nullable(),
  /** How many are in which state. */
  counts: z.record(BatchItem.shape.state, z.int()),
});
export type BatchRow = z.infer<typeof BatchRow>;

export const BatchView = BatchRow.extend({ items: z.array(BatchItem) });
export type BatchView = z.infer<typeof BatchView>;

export const BatchPage = z.object({ rows: z.array(BatchRow), next: z.string().nullable() });
