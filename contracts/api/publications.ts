/** What the authority makes public: lists that everybody reads, and what its offices see of their own entries. */
import { z } from 'zod';
import { PublicationList } from '../flow/publication-list.ts';

const entry = {
  id: z.string(),
  list: PublicationList,
  title: z.string(),
  office: z.string(),
  publishedAt: z.string(),
  /** Last day of the period; null: for good. */
  until: z.string().nullable(),
};
export const PublishedRow = z.object(entry);
export type PublishedRow = z.infer<typeof PublishedRow>;

/** Newest first; `next` goes into `after`. */
export const PublishedPage = z.object({
  lists: z.array(PublicationList),
  rows: z.array(PublishedRow),
  next: z.string().nullable(),
});
export type PublishedPage = z.infer<typeof PublishedPage>;

export const PublishedEntry = z.object({
  ...entry,
  fields: z.array(z.object({ label: z.string(), value: z.string() })),
  document: z.object({ title: z.string(), href: z.string() }).nullable(),
});
export type PublishedEntry = z.infer<typeof PublishedEntry>;

export const PublicationRow = z.object({
  ...entry,
  caseId: z.string(),
  caseNumber: z.string(),
  state: z.enum(['public', 'replaced', 'withdrawn']),
  withdrawal: z.object({ at: z.string(), by: z.string().nullable(), reason: z.string() }).nullable(),
  mayWithdraw: z.boolean(),
});
export type PublicationRow = z.infer<typeof PublicationRow>;
export const PublicationPage = z.object({ rows: z.array(PublicationRow), next: z.string().nullable() });
export type PublicationPage = z.infer<typeof PublicationPage>;
