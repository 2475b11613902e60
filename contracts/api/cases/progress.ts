/** How far a case is: on its drawn flow, and as its applicant reads it. */
import { z } from 'zod';

export const StepState = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  state: z.enum(['ahead', 'live', 'done', 'cancelled']),
  visits: z.array(
    z.object({
      /** How often the case had come here by then, within its thread. */
      visit: z.number().int(),
      /** Which of several threads, from 1; null outside of them. */
      thread: z.number().int().nullable(),
      enteredAt: z.string(),
      leftAt: z.string().nullable(),
      how: z.string().nullable(),
      by: z.string().nullable(),
      holder: z.string().nullable(),
    }),
  ),
});

export const FlowDrawing = z.object({ xml: z.string(), steps: z.array(StepState), taken: z.array(z.string()) });

/** How far a case is, as its applicant reads it: what people do in it, in the order in which it began. */
export const CaseProgress = z.object({
  steps: z.array(
    z.object({
      step: z.string(),
      name: z.string(),
      /** Whose turn it is or was: the applicant's, or the authority's. */
      mine: z.boolean(),
      enteredAt: z.string(),
      leftAt: z.string().nullable(),
      /** `undone`: ended by a return or another move. */
      state: z.enum(['open', 'done', 'undone']),
      /** Of the applicant's own steps: what they answered. */
      outcome: z.object({ zh: z.string(), en: z.string() }).nullable(),
      /** The step's own limit, and while it runs its last day. */
      limit: z.object({ zh: z.string(), en: z.string() }).nullable(),
      dueOn: z.string().nullable(),
    }),
  ),
});
export type CaseProgress = z.infer<typeof CaseProgress>;
