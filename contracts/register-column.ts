/** A column of a register as both sides know it, and the form field that shows and checks its values. */
import { z } from 'zod';
import { scalarKinds, type Field } from './forms/schema.ts';

const Text = z.object({ zh: z.string(), en: z.string() });

export const RegisterColumn = z.object({
  /** Also the id of the form's field that it fills. */
  id: z.string(),
  label: Text,
  type: z.enum(scalarKinds),
  /** What a choice or check-list may say. */
  options: z.array(Text.extend({ value: z.string() })).optional(),
  /** Written by cases only: nobody types it. */
  byCases: z.boolean().optional(),
  /** Names a case by its id. */
  ofCase: z.boolean().optional(),
});
export type RegisterColumn = z.infer<typeof RegisterColumn>;

/** The field of a column, with which kinds check, spell and edit its values. */
export function fieldOf({ id, label, type, options }: RegisterColumn): Field {
  return {
    key: id,
    label: label.zh,
    labelEn: label.en,
    type,
    decimalDigits: 6,
    ...(options && { values: options.map(({ value, zh, en }) => ({ value, label: zh, labelEn: en })) }),
  };
}
