/** Electronic files of subjects. */
import { z } from 'zod';

export const ArchiveItem = z.object({
  kind: z.enum(['document', 'receipt', 'certificate', 'material']),
  title: z.string(),
  number: z.string().nullable(),
  madeAt: z.string(),
  /** SHA-256. */
  hash: z.string(),
});
export type ArchiveItem = z.infer<typeof ArchiveItem>;

export const ArchivePage = z.object({
  files: z.array(
    z.object({
      id: z.string(),
      number: z.string(),
      version: z.number().int(),
      caseId: z.string(),
      caseNumber: z.string(),
      title: z.string(),
      archivedAt: z.string(),
      items: z.array(ArchiveItem),
      /** What the case has got since. */
      later: z.array(ArchiveItem),
    }),
  ),
  next: z.string().nullable(),
});
export type ArchivePage = z.infer<typeof ArchivePage>;
