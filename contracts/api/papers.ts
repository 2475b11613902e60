/** Certificates and documents of those whom an applicant acts for, in one list. */
import { z } from 'zod';
import { CertificateState } from '../certificate-life.ts';

export const PaperRow = z.object({
  kind: z.enum(['certificate', 'document']),
  id: z.string(),
  title: z.string(),
  number: z.string().nullable(),
  version: z.number().int(),
  /** Whom it is for. */
  holder: z.string(),
  /** When it was issued, or its service took effect. */
  at: z.string(),
  case: z.object({ id: z.string(), number: z.string(), title: z.string() }).nullable(),
  /** Of a certificate, as of now. */
  state: CertificateState.nullable(),
  validTo: z.string().nullable(),
  /** Of a document: a later one stands in its place. */
  superseded: z.boolean(),
  href: z.string(),
  /** Of a certificate: the page that its code leads to. */
  publicHref: z.string().nullable(),
});
export type PaperRow = z.infer<typeof PaperRow>;
export const PaperPage = z.object({ rows: z.array(PaperRow), next: z.string().nullable() });
