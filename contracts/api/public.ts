/** The public verification page: no sign-in, own database role, no office data. */
import { z } from 'zod';
import { CertificateState } from '../certificate-life.ts';
import { formed } from './formed.ts';

const Text = z.object({ zh: z.string(), en: z.string() });

export const PublicCertificate = z.object({
  number: z.string(),
  version: z.number().int(),
  kind: z.string(),
  kindTitle: z.string(),
  holder: z.object({ name: z.string(), uscc: z.string(), address: z.string() }),
  authority: z.string(),
  issuedOn: z.string(),
  validFrom: z.string(),
  validTo: z.string(),
  /** Computed from the stored state and the dates when read. */
  state: CertificateState,
  stateTitle: Text,
  /** Last day of a suspension that has one. */
  suspendedUntil: z.string().nullable(),
  /** The version that was asked for is not the one in force. */
  current: z.object({ version: z.number().int(), href: z.string() }).nullable(),
  history: z.array(
    z.object({
      kind: z.string(),
      version: z.number().int(),
      zh: z.string(),
      en: z.string(),
      at: z.string(),
      ground: z.string().nullable(),
      basis: z.string().nullable(),
    }),
  ),
  /** All versions of the number, newest first, each with its state now. */
  versions: z.array(
    z.object({
      version: z.number().int(),
      state: CertificateState,
      stateTitle: Text,
      issuedOn: z.string(),
      digest: z.string(),
      href: z.string(),
    }),
  ),
  annexes: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      columns: z.array(z.object({ id: z.string(), title: z.string() })),
      rows: z.array(z.record(z.string(), z.string())),
      total: z.number().int(),
    }),
  ),
  digest: z.string(),
  checkedAt: z.string(),
});
export type PublicCertificate = z.infer<typeof PublicCertificate>;

/** Rows of one annex in which all words of `q` occur; `next` goes into `after`, `total` counts the whole annex. */
export const PublicAnnexPage = z.object({
  rows: z.array(z.record(z.string(), z.string())),
  next: z.number().int().nullable(),
  total: z.number().int(),
});
export type PublicAnnexPage = z.infer<typeof PublicAnnexPage>;

export const LookupCodeBody = z.object({
  mobile: formed(/^1[3-9]\d{9}$/, { zh: '填 11 位手机号', en: 'Enter the 11 digits of a mobile' }),
});
export const LookupBody = LookupCodeBody.extend({
  code: formed(/^\d{6}$/, { zh: '填短信里的 6 位数字', en: 'Enter the 6 digits of the message' }),
});
/** Cases whose contact has this phone, newest first; names masked. */
export const PublicProgress = z.object({
  cases: z.array(
    z.object({
      number: z.string(),
      title: z.object({ zh: z.string(), en: z.string() }),
      subject: z.string(),
      state: z.enum(['open', 'closed']),
      stage: Text.nullable(),
      result: Text.nullable(),
      receivedOn: z.string(),
      closedOn: z.string().nullable(),
    }),
  ),
});
export type PublicProgress = z.infer<typeof PublicProgress>;
