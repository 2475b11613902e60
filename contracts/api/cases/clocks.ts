/** A clock of a case as people read it. */
import { z } from 'zod';

export const ClockView = z.object({
  id: z.string(),
  title: z.string(),
  basis: z.string().nullable(),
  state: z.enum(['running', 'stopped', 'ended']),
  used: z.number().int(),
  total: z.number().int(),
  unit: z.enum(['WD', 'D', 'M', 'Y']),
  dueOn: z.string().nullable(),
  unknown: z.string().nullable(),
  provisional: z.boolean(),
  notCounted: z.number().int(),
  /** Each time that it stood, with the days that are not counted; `until` null: it still stands. */
  stops: z.array(
    z.object({
      from: z.string(),
      until: z.string().nullable(),
      days: z.number().int(),
      reason: z.string().nullable(),
    }),
  ),
  /** One entry per day for the ruler: u used, s stopped (not counted), f still free, o over. */
  ruler: z.string(),
  events: z.array(
    z.object({ kind: z.string(), at: z.string(), reason: z.string().nullable(), basis: z.string().nullable() }),
  ),
});
export type ClockView = z.infer<typeof ClockView>;
