/** What flow packages say in English: a vocabulary for whoever reads it, since lists and time lines carry Chinese names. */
import { z } from 'zod';

export const English = z.object({
  /** Chinese text of a step, stage, instruction, document … → English. */
  texts: z.record(z.string(), z.string()),
});
export type English = z.infer<typeof English>;
