/** Registers: lists, entries, history. */
import { z } from 'zod';
import { RegisterColumn } from '../register-column.ts';

const Text = z.object({ zh: z.string(), en: z.string() });
const Data = z.record(z.string(), z.unknown());
const Row = z.object({ id: z.string(), data: Data });

export const RegisterNames = z.object({ registers: z.array(z.object({ id: z.string(), title: Text })) });
export const RegisterPage = z.object({
  title: Text,
  columns: z.array(RegisterColumn),
  /** Columns that a list may be narrowed by. */
  filters: z.array(RegisterColumn),
  /** Folder of the pages of its entries, where it has pages of its own. */
  pages: z.string().nullable(),
  rows: z.array(z.object({ id: z.string(), fields: Data, updatedAt: z.string() })),
  next: z.string().nullable(),
});
export const RegisterItemView = z.object({
  id: z.string(),
  title: Text,
  name: z.string(),
  columns: z.array(RegisterColumn),
  fields: Data,
  updatedAt: z.string(),
  /** Whether this person prepares changes of it. */
  mayEdit: z.boolean(),
  children: z.array(
    z.object({
      id: z.string(),
      label: Text,
      columns: z.array(RegisterColumn),
      /** Columns that together name a row. */
      key: z.array(z.string()),
      total: z.number().int(),
    }),
  ),
  /** Registers with entries that belong to this one. */
  related: z.array(z.object({ id: z.string(), title: Text })),
});
export const RegisterRowPage = z.object({ rows: z.array(Row), total: z.number().int(), next: z.number().nullable() });
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
export const RegisterDraftBody = RegisterChange.extend({
  /** `savedAt` of the draft that this one was typed over; null: there was none. Saved elsewhere meanwhile: 409 `stale`. */
  seen: z.string().nullable().default(null),
});
/** `seen` as in `RegisterDraftBody`: what is written is what the caller has seen. */
export const RegisterApplyBody = RegisterDraftBody.pick({ seen: true });
export const RegisterDraft = z.object({ change: RegisterChange, savedAt: z.string().nullable() });
/** What an Excel sheet brought into a draft, and what in it could not be read. */
export const RegisterImport = z.object({
  draft: RegisterDraft,
  taken: z.number().int(),
  errors: z.array(z.object({ row: z.number().int(), column: z.string(), zh: z.string(), en: z.string() })),
});
