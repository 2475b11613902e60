/** What was sent to outside systems. */
import { z } from 'zod';
import { Text } from '../flow/text.ts';

export const CallPage = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      system: Text,
      message: Text,
      state: z.enum(['queued', 'answered', 'failed']),
      caseId: z.string(),
      caseNumber: z.string(),
      step: z.string(),
      at: z.string(),
      request: z.record(z.string(), z.unknown()),
      answer: z.record(z.string(), z.unknown()).nullable(),
      /** The open incident whose retry sends it again. */
      incident: z.string().nullable(),
      attempts: z.array(
        z.object({
          at: z.string(),
          ms: z.number(),
          /** Null: no answer; `problem` says why. */
          status: z.number().nullable(),
          body: z.string().nullable(),
          problem: z.string().nullable(),
        }),
      ),
    }),
  ),
  next: z.string().nullable(),
});
export type CallPage = z.infer<typeof CallPage>;
