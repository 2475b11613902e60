/** Lists of cases that concern a person without waiting for them, and filters kept by name. */
import { z } from 'zod';

export const ListName = z.enum(['inbox', 'done', 'sent', 'copied', 'watched']);
export type ListName = z.infer<typeof ListName>;

export const CaseListRow = z.object({
  /** What happened, once: a case may stand in a list several times. */
  id: z.string(),
  caseId: z.string(),
  number: z.string(),
  title: z.string(),
  subjectName: z.string(),
  flow: z.string(),
  flowTitle: z.string(),
  divisionName: z.string().nullable(),
  why: z.enum(['started', 'transfer', 'delegate', 'copied', 'watched']),
  at: z.string(),
  /** To whom it was handed, or who sent the copy. */
  person: z.string().nullable(),
  note: z.string().nullable(),
  unread: z.boolean(),
  /** Where it is now: steps that are open, with who has them. */
  now: z.array(z.object({ stepName: z.string(), holder: z.string() })),
  caseState: z.enum(['starting', 'running', 'closed']),
  caseResult: z.string().nullable(),
  dueOn: z.string().nullable(),
});
export type CaseListRow = z.infer<typeof CaseListRow>;
export const CaseListPage = z.object({ rows: z.array(CaseListRow), next: z.string().nullable() });
export type CaseListPage = z.infer<typeof CaseListPage>;

/** Exact up to 999; 1000 means more. Of `sent` and `watched` those that go on; of `copied` those unread. */
export const ListCounts = z.object({
  mine: z.number().int(),
  sent: z.number().int(),
  copied: z.number().int(),
  watched: z.number().int(),
});
export type ListCounts = z.infer<typeof ListCounts>;

export const SavedFilterBody = z.object({
  list: ListName,
  name: z.string().trim().min(1).max(40),
  /** As it stands in the address of the page, without the question mark. */
  query: z.string().max(1000),
});
export const SavedFilter = SavedFilterBody.extend({ id: z.string() });
export type SavedFilter = z.infer<typeof SavedFilter>;
