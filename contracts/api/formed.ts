import { z } from 'zod';

/** Text that has to have a form. `words`: how to write it, for whoever fills it in. */
export const formed = (pattern: RegExp, words: { zh: string; en: string }) =>
  z
    .string()
    .refine((text) => pattern.test(text), { params: words })
    .meta({ pattern: pattern.source });
