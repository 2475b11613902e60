/** What the api answers about evaluations of closed cases. */
import { z } from 'zod';

const Text = z.object({ zh: z.string(), en: z.string() });
const Data = z.record(z.string(), z.unknown());

export const EvaluationView = z.object({
  /** The form, for whoever may evaluate or has; null where the flow asks for none or it is not the time. */
  schema: z.unknown().nullable(),
  given: z.object({ data: Data, at: z.string() }).nullable(),
});
export type EvaluationView = z.infer<typeof EvaluationView>;
export const EvaluationBody = z.object({ data: Data });

/** Cases that ended lately and were not evaluated by those who may, newest first. */
export const EvaluationsWaiting = z.object({
  rows: z.array(z.object({ id: z.string(), number: z.string(), title: z.string(), closedAt: z.string() })),
});
export type EvaluationsWaiting = z.infer<typeof EvaluationsWaiting>;

/** How often each option of each choice was taken, by flow. */
export const EvaluationCounts = z.object({
  flows: z.array(
    z.object({
      flow: z.string(),
      title: Text,
      count: z.number().int(),
      fields: z.array(
        z.object({
          id: z.string(),
          label: Text,
          options: z.array(Text.extend({ value: z.string(), count: z.number().int() })),
        }),
      ),
    }),
  ),
});
export type EvaluationCounts = z.infer<typeof EvaluationCounts>;
