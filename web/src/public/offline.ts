/** Checks a PDF in this browser: nothing of it leaves the device. */
import type { CertificateData } from '../../../contracts/certificate.ts';
import type { Verification } from '../../../contracts/pdf/verify.ts';
import { API_ROOT } from '../api/index.ts';

export interface Checked extends Verification {
  file: string;
  /** What the certificate in the file says of itself; null where there is none, or its digest does not fit. */
  certificate: { data: CertificateData; digest: string } | null;
}

/** The authority's certificate, fetched with the page, so that the check works without a network later. */
export async function loadTrust(): Promise<string> {
  const response = await fetch(`${API_ROOT}/public/ca`);
  if (!response.ok) throw new Error(`${response.status}`);
  return response.text();
}

export async function checkFile(file: File, trust: string): Promise<Checked> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const { verifyPdf } = await import('../../../contracts/pdf/verify.ts');
  const verification = await verifyPdf(bytes, trust);
  // What a file that isn't genuine says of itself is worth nothing.
  const certificate = verification.verdict === 'genuine' ? await certificateIn(bytes).catch(() => null) : null;
  return { ...verification, file: file.name, certificate };
}

/** The data that the issuing system attached to the PDF. */
async function certificateIn(bytes: Uint8Array): Promise<Checked['certificate']> {
  const [{ attachmentsOf }, { CertificateData, certificateDigest }] = await Promise.all([
    import('../documents/index.ts'),
    import('../../../contracts/certificate.ts'),
  ]);
  for (const content of await attachmentsOf(bytes)) {
    const parsed = CertificateData.safeParse(readJson(content));
    if (parsed.success) return { data: parsed.data, digest: await certificateDigest(parsed.data) };
  }
  return null;
}

function readJson(content: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(content));
  } catch {
    return null;
  }
}
