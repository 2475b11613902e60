/** What the api answers about registers. */
import { z } from 'zod';

const Text = z.object({ zh: z.string(), en: z.string() });
const Data = z.record(z.string(), z.unknown());

export const RegisterPage = z.object({
  columns: z.array(z.object({ id: z.string(), label: Text })),
  rows: z.array(z.object({ id: z.string(), fields: Data, updatedAt: z.string() })),
  next: z.string().nullable(),
});
export const RegisterItemView = z.object({
  id: z.string(),
  title: Text,
  labels: z.record(z.string(), Text),
  fields: Data,
  updatedAt: z.string(),
  children: z.array(
    z.object({
      id: z.string(),
      label: Text,
      columns: z.array(z.object({ id: z.string(), label: Text })),
      rows: z.array(z.object({ id: z.string(), data: Data })),
    }),
  ),
});
export const RegisterHistory = z.object({
  entries: z.array(
    z.object({
      at: z.string(),
      child: z.string().nullable(),
      rowId: z.string().nullable(),
      caseId: z.string().nullable(),
      caseNumber: z.string().nullable(),
      person: z.string().nullable(),
      before: Data.nullable(),
      after: Data.nullable(),
    }),
  ),
});

/** A change that somebody prepares: fields, and rows of children that are added or found by what names them. */
export const RegisterChange = z.object({
  fields: Data.default({}),
  children: z.record(z.string(), z.array(Data).max(20_000)).default({}),
});
export type RegisterChange = z.infer<typeof RegisterChange>;
export const RegisterDraft = z.object({ change: RegisterChange, savedAt: z.string().nullable() });
