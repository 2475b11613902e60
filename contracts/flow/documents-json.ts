/** `documents.json`: the documents and certificates that a flow makes, by id. */
import { z } from 'zod';
import { Limit, Name, Text } from './text.ts';

const shared = {
  title: Text,
  /** A rule of `templates/numbers.json`; absent: the document has no number. */
  numberRule: z.string().min(1).optional(),
  /** Whose seal and signature it gets: the office of the case, the applying institution, or none. */
  seal: z.enum(['office', 'institution', 'none']),
  /** Law and article that ask for it. */
  basis: z.string().min(1).optional(),
};

export const DocumentDecl = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('document'),
    ...shared,
    /** Word template below `templates/`, such as `cma/acceptance-notice.docx`. */
    template: z.string().regex(/^[a-z0-9/-]+\.docx$/),
    /** Whom it is served on; `none`: it stays in the file. */
    addressee: z.enum(['applicant', 'none']),
  }),
  z.strictObject({
    kind: z.literal('certificate'),
    ...shared,
    /** Layout below `templates/`. */
    template: z
      .string()
      .regex(/^[a-z0-9/-]+\.json$/)
      .optional(),
    addressee: z.enum(['applicant', 'none']),
    validity: Limit,
  }),
]);
export type DocumentDecl = z.infer<typeof DocumentDecl>;

export const DocumentsJson = z.record(Name, DocumentDecl);
export type DocumentsJson = z.infer<typeof DocumentsJson>;
