/** Lists of tasks: open ones, with their counts, and what one has decided. */
import { z } from 'zod';
import { ClockView } from './clocks.ts';
import { Offer } from './offers.ts';

export const InboxRow = z.object({
  taskId: z.string(),
  caseId: z.string(),
  number: z.string(),
  flow: z.string(),
  flowTitle: z.string(),
  title: z.string(),
  subjectName: z.string(),
  divisionName: z.string().nullable(),
  step: z.string(),
  stepName: z.string(),
  stage: z.string().nullable(),
  state: z.enum(['open', 'deciding', 'blocked', 'held']),
  holder: z.object({ id: z.string(), name: z.string() }).nullable(),
  mine: z.boolean(),
  /** Somebody absent whose task it is; the reader stands in. */
  for: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** 0–100, 50 is usual. */
  priority: z.number().int(),
  arrivedAt: z.string(),
  dueOn: z.string().nullable(),
  /** Working days left; negative when over; null when unknown or no clock runs. */
  left: z.number().int().nullable(),
  clock: ClockView.pick({
    id: true,
    title: true,
    state: true,
    used: true,
    total: true,
    dueOn: true,
    unknown: true,
    ruler: true,
  }).nullable(),
  /** What may be done with several such tasks at once. */
  batch: z.object({
    outcomes: z.array(z.object({ id: z.string(), zh: z.string(), en: z.string(), primary: z.boolean() })),
    transfer: z.boolean(),
  }),
  tags: z.array(
    z.object({
      kind: z.enum(['over', 'soon', 'watch', 'note', 'ok', 'hold', 'void', 'run']),
      zh: z.string(),
      en: z.string(),
    }),
  ),
});
export type InboxRow = z.infer<typeof InboxRow>;

export const InboxPage = z.object({
  rows: z.array(InboxRow),
  next: z.string().nullable(),
  /** The search ended before the list did: `next` goes on there, whether rows were found or not. */
  capped: z.boolean(),
});

/** Exact up to 999; 1000 means more. */
export const InboxCounts = z.object({
  open: z.number().int(),
  overdue: z.number().int(),
  today: z.number().int(),
  soon: z.number().int(),
  /** Where the open tasks stand, for the filters; sorted by flow and the step's place in it. */
  steps: z
    .array(
      z.object({
        flow: z.string(),
        flowTitle: z.string(),
        step: z.string(),
        stepName: z.string(),
        count: z.number().int(),
      }),
    )
    .optional(),
});

export const DoneRow = z.object({
  decisionId: z.string(),
  caseId: z.string(),
  number: z.string(),
  title: z.string(),
  subjectName: z.string(),
  flow: z.string(),
  flowTitle: z.string(),
  step: z.string(),
  stepName: z.string(),
  outcome: z.string(),
  opinion: z.string().nullable(),
  by: z.object({ id: z.string(), name: z.string() }),
  /** The absent person in whose name it was decided. */
  for: z.object({ id: z.string(), name: z.string() }).nullable(),
  decidedAt: z.string(),
  state: z.enum(['held', 'queued', 'done', 'overtaken', 'blocked']),
  caseState: z.string(),
  caseResult: z.string().nullable(),
  /** Taking the decision back, where the step has that. */
  offers: z.array(Offer),
});
