/** What a certificate says: printed, attached to its PDF, shown in public, and fixed by its digest. Runs on both sides. */
import { z } from 'zod';
import { canonicalJson } from './canonical-json.ts';
import { openPdf, type PdfDocument } from './pdf/document.ts';
import { isStream, isString, textOf, type PdfValue } from './pdf/objects.ts';
import { verifyPdf, type Verification } from './pdf/verify.ts';

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

/** SHA-256 (hex) of the canonical data: what stands on the certificate, so that a changed copy is found offline. */
export async function certificateDigest(data: CertificateData): Promise<string> {
  const bytes = new TextEncoder().encode(canonicalJson(CertificateData.parse(data)));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export const CERTIFICATE_ATTACHMENT = 'certificate.json';

/** What a PDF carries of a certificate, and what its signatures are worth. */
export interface CertificateCheck {
  data: CertificateData;
  /** To be compared with the printed and the published one. */
  digest: string;
  verification: Verification;
}

/**
 * Reads the certificate out of a PDF and checks its signatures against trusted CA certificates (PEM).
 * Null when it carries none, or one that isn't in canonical form. Never throws for a file.
 */
export async function checkCertificate(bytes: Uint8Array, trust: string): Promise<CertificateCheck | null> {
  const data = await extractCertificate(bytes);
  return data && { data, digest: await certificateDigest(data), verification: await verifyPdf(bytes, trust) };
}

/** The data attached to a PDF, or null. Says nothing about whether they are genuine. */
export async function extractCertificate(bytes: Uint8Array): Promise<CertificateData | null> {
  try {
    const pdf = await openPdf(bytes);
    const catalog = await pdf.dict(pdf.trailer.get('Root'));
    const files = (await pdf.dict(catalog.get('Names'))).get('EmbeddedFiles');
    const file = await pdf.dict(await named(pdf, files, CERTIFICATE_ATTACHMENT));
    const stream = await pdf.resolve((await pdf.dict(file.get('EF'))).get('F'));
    if (!isStream(stream)) return null;
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await pdf.data(stream));
    const data = CertificateData.parse(JSON.parse(text));
    return canonicalJson(data) === text ? data : null;
  } catch {
    return null;
  }
}

/** Looks a name up in a name tree (ISO 32000-1, 7.9.6). */
async function named(pdf: PdfDocument, tree: PdfValue | undefined, wanted: string, depth = 0): Promise<PdfValue> {
  const node = await pdf.dict(tree);
  const names = await pdf.resolve(node.get('Names'));
  if (Array.isArray(names)) {
    const at = names.findIndex((item) => isString(item) && textOf(item) === wanted);
    if (at >= 0) return names[at + 1] ?? null;
  }
  const kids = await pdf.resolve(node.get('Kids'));
  if (!Array.isArray(kids) || depth > 8) return null;
  for (const kid of kids) {
    const found = await named(pdf, kid, wanted, depth + 1);
    if (found !== null) return found;
  }
  return null;
}
