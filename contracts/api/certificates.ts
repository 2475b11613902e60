/** The certificate card: one number with all its versions, and what may be done with it. */
import { z } from 'zod';
import { CertificateChange, CertificateState } from '../certificate-life.ts';

const Text = z.object({ zh: z.string(), en: z.string() });
const Day = z.string().regex(/^\d{4}-\d\d-\d\d$/);

export const CertificateProposal = z.object({
  id: z.string(),
  change: CertificateChange,
  title: Text,
  ground: z.string(),
  article: z.string(),
  until: z.string().nullable(),
  by: z.string(),
  at: z.string(),
  /** Whether this person may confirm it, or why not. */
  confirm: z.object({ enabled: z.boolean(), reason: Text.nullable() }),
});

export const CertificateCard = z.object({
  id: z.string(),
  number: z.string(),
  version: z.number().int(),
  kindTitle: z.string(),
  state: CertificateState,
  stateTitle: Text,
  holder: z.object({ register: z.string().nullable(), id: z.string(), name: z.string(), uscc: z.string() }),
  authority: z.string(),
  validFrom: z.string(),
  validTo: z.string(),
  suspendedUntil: z.string().nullable(),
  digest: z.string(),
  /** Goes with every change: a change decided on an older state is refused. */
  edits: z.number().int(),
  href: z.string(),
  publicHref: z.string(),
  /** For its holder, who has not opened it: the document as which it was served. */
  unopened: z.string().nullable(),
  annexes: z.array(z.object({ id: z.string(), title: z.string(), rows: z.number().int() })),
  versions: z.array(
    z.object({
      id: z.string(),
      version: z.number().int(),
      state: CertificateState,
      stateTitle: Text,
      issuedOn: z.string(),
      caseId: z.string().nullable(),
      caseNumber: z.string().nullable(),
    }),
  ),
  events: z.array(
    z.object({
      kind: z.string(),
      title: Text,
      version: z.number().int(),
      at: z.string(),
      ground: z.string().nullable(),
      article: z.string().nullable(),
      until: z.string().nullable(),
      person: z.string().nullable(),
      caseId: z.string().nullable(),
      caseNumber: z.string().nullable(),
      document: z
        .object({ id: z.string(), title: z.string(), number: z.string().nullable(), href: z.string() })
        .nullable(),
    }),
  ),
  proposal: CertificateProposal.nullable(),
  actions: z.array(
    z.object({
      change: CertificateChange,
      title: Text,
      enabled: z.boolean(),
      reason: Text.nullable(),
      /** Articles that it usually rests on. */
      articles: z.array(z.string()),
      /** Title of the document that is made and served. */
      document: z.string().nullable(),
    }),
  ),
  /** A second person has to confirm what one asks for. */
  fourEyes: z.boolean(),
});
export type CertificateCard = z.infer<typeof CertificateCard>;

export const CertificateChangeBody = z.object({
  change: CertificateChange,
  ground: z.string().trim().min(1).max(2000),
  article: z.string().trim().min(1).max(300),
  /** Last day of a suspension; absent: until it is resumed. */
  until: Day.nullable().default(null),
  edits: z.number().int(),
});
export type CertificateChangeBody = z.infer<typeof CertificateChangeBody>;
