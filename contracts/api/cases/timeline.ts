/** What happened in a case, line by line. */
import { z } from 'zod';
import { TIMELINE_GROUPS } from '../../timeline.ts';

export const TimelineEntry = z.object({
  at: z.string(),
  occurredAt: z.string().nullable(),
  action: z.string(),
  zh: z.string(),
  en: z.string(),
  person: z.string().nullable(),
  role: z.string().nullable(),
  office: z.string().nullable(),
  onBehalfOf: z.string().nullable(),
  step: z.string().nullable(),
  stepName: z.string().nullable(),
  visit: z.number().int().nullable(),
  opinion: z.string().nullable(),
  reason: z.string().nullable(),
  article: z.string().nullable(),
  outcome: z.string().nullable(),
  hash: z.string(),
});

export const TimelineQuery = z.object({
  after: z.coerce.number().int().positive().optional(),
  about: z.enum(TIMELINE_GROUPS).optional(),
  /** Words of the sentence, in either language. */
  q: z.string().trim().max(100).optional(),
});
export type TimelineQuery = z.infer<typeof TimelineQuery>;

export const TimelinePage = z.object({
  /** At most 100, oldest first: those before the page that gave `after`, or the newest. */
  entries: z.array(TimelineEntry),
  /** Lines of the whole case. */
  total: z.number().int(),
  /** Clocks that stood before the first of these lines. */
  standing: z.number().int(),
  next: z.number().int().nullable(),
});
export type TimelinePage = z.infer<typeof TimelinePage>;
