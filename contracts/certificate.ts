/** What a certificate says: printed, attached to its PDF, shown in public, and fixed by its digest. Runs on both sides. */
import { z } from 'zod';

export const AnnexData = z.object({
  id: z.string(),
  title: z.string(),
  columns: z.array(z.object({ id: z.string(), title: z.string() })),
  rows: z.array(z.record(z.string(), z.string())),
});
export type AnnexData = z.infer<typeof AnnexData>;

export const CertificateData = z.object({
  kind: z.string(),
  kindTitle: z.string(),
  number: z.string(),
  version: z.number().int(),
  holder: z.object({ name: z.string(), uscc: z.string(), address: z.string() }),
  authority: z.string(),
  /** Days, `2026-11-21`; `validTo` is the last valid one. */
  issuedOn: z.string(),
  validFrom: z.string(),
  validTo: z.string(),
  annexes: z.array(AnnexData),
});
export type CertificateData = z.infer<typeof CertificateData>;

/** JSON with sorted keys and no white space (RFC 8785 for values as they occur here). */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}

/** SHA-256 (hex) of the canonical data: what stands on the certificate, so that a changed copy is found offline. */
export async function certificateDigest(data: CertificateData): Promise<string> {
  const bytes = new TextEncoder().encode(canonicalJson(CertificateData.parse(data)));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
