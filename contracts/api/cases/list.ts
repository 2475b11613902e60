/** Cases found by a search. */
import { z } from 'zod';

export const CaseRow = z.object({
  id: z.string(),
  number: z.string(),
  flow: z.string(),
  flowTitle: z.string(),
  title: z.string(),
  subjectName: z.string(),
  state: z.string(),
  result: z.string().nullable(),
  resultTitle: z.string().nullable(),
  stage: z.string().nullable(),
  steps: z.array(z.string()),
  receivedAt: z.string(),
  closedAt: z.string().nullable(),
  dueOn: z.string().nullable(),
  todo: z.object({ taskId: z.string(), stepName: z.string() }).nullable(),
});

export const CasePage = z.object({ rows: z.array(CaseRow), next: z.string().nullable() });
