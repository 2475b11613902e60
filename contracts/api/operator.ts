/** What an operator sees: something stopped that nobody else can mend. */
import { z } from 'zod';

export const IncidentRow = z.object({
  id: z.string(),
  code: z.string(), // E-7F31, what people are told
  kind: z.enum(['command', 'work', 'event', 'office', 'calendar', 'document', 'connector', 'batch']),
  caseId: z.string().nullable(),
  caseNumber: z.string().nullable(),
  step: z.string().nullable(),
  stepName: z.string().nullable(),
  message: z.string(),
  detail: z.string().nullable(),
  openedAt: z.string(),
  closedAt: z.string().nullable(),
  closedBy: z.string().nullable(),
  /** How often it has happened. */
  seen: z.number().int(),
});
export type IncidentRow = z.infer<typeof IncidentRow>;
export const IncidentPage = z.object({ rows: z.array(IncidentRow), next: z.string().nullable() });
