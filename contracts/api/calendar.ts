/** Working-day calendar, as administrators see and load it. */
import { z } from 'zod';

export const CalendarYearView = z.object({
  year: z.number().int(),
  /** Before the State Council's notice: due dates carry a mark and are computed again. */
  provisional: z.boolean(),
  loadedAt: z.string(),
  /** Days that differ from Monday to Friday. */
  days: z.array(z.object({ day: z.string(), kind: z.enum(['off', 'work']), name: z.string() })),
});
export type CalendarYearView = z.infer<typeof CalendarYearView>;

export const CalendarView = z.object({ years: z.array(CalendarYearView) });

export const CalendarBody = z.object({
  provisional: z.boolean(),
  /** `{"2027-01-01": "off:元旦", "2027-02-20": "work:春节"}`; absent with `provisional`: statutory days and weekends. */
  days: z.record(z.string(), z.string().max(40)).optional(),
  /** `loadedAt` of the year as one saw it; null: not loaded. It was loaded again meanwhile: 409 `stale`. */
  seen: z.string().nullable().default(null),
});
