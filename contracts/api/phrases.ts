/** Texts for opinions that are used again and again. */
import { z } from 'zod';

const Text = z.string().trim().min(1).max(500);
const Id = z.string().min(1).max(60);

export const PhraseRow = z.object({
  id: z.string(),
  text: z.string(),
  of: z.enum(['own', 'office']),
  /** Null: offered in every flow, at every step, for every outcome. */
  flow: z.string().nullable(),
  step: z.string().nullable(),
  outcome: z.string().nullable(),
  /** Titles of flow, step and outcome; null: offered everywhere. */
  where: z.object({ zh: z.string(), en: z.string() }).nullable(),
  /** Whether the reader may change it: one's own, and the office's for its head and its administrator. */
  editable: z.boolean(),
  version: z.number().int(),
});
export type PhraseRow = z.infer<typeof PhraseRow>;

export const PhraseList = z.object({
  rows: z.array(PhraseRow),
  /** Whether the reader may add phrases for the office. */
  office: z.boolean(),
});
export type PhraseList = z.infer<typeof PhraseList>;

export const PhraseBody = z.object({
  text: Text,
  of: z.enum(['own', 'office']).default('own'),
  flow: Id.optional(),
  step: Id.optional(),
  outcome: Id.optional(),
});
/** `version`: of what the change was made over. Changed by somebody else meanwhile: 409 `stale`. */
export const PhraseChange = z.object({ text: Text, version: z.number().int() });
