/** What changed in the forms of a case. */
import { z } from 'zod';

/** What changed in the case's forms since the last return, or since the reader looked last, written as people read it. */
export const CaseChanges = z.object({
  /** Null: there was no return, or this is the first look. */
  since: z.string().nullable(),
  /** Fields, cells, rows that came or went, materials. */
  count: z.number().int(),
  /** `version`: with which one it is compared; null: the whole form is new. */
  forms: z.array(z.object({ form: z.string(), version: z.number().int().nullable(), count: z.number().int() })),
  /** The first 300, pinned places before others. */
  rows: z.array(
    z.object({
      form: z.string(),
      path: z.string(),
      where: z.object({ zh: z.string(), en: z.string() }),
      before: z.string().nullable(),
      after: z.string().nullable(),
    }),
  ),
});

export type CaseChanges = z.infer<typeof CaseChanges>;
