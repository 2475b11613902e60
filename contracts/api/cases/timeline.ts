/** What happened in a case, line by line. */
import { z } from 'zod';

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
