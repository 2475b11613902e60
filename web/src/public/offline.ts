/** Checks a PDF in this browser: nothing of it leaves the device. */
import type { CertificateData } from '../../../contracts/certificate.ts';
import type { Detached } from '../../../contracts/pdf/sm2.ts';
import type { Verification } from '../../../contracts/pdf/verify.ts';
import { API_ROOT } from '../api/index.ts';

export interface Checked extends Verification {
  file: string;
  /** What the certificate in the file says of itself; null where there is none, or its digest does not fit. */
  certificate: { data: CertificateData; digest: string } | null;
  /** The SM2 signature beside the file, where it was chosen too. */
  detached: Detached | null;
}

const isSignature = ({ name }: File) => /\.(sig|p7s)$/i.test(name);

/** The authority's certificate, fetched with the page, so that the check works without a network later. */
export async function loadTrust(): Promise<string> {
  const response = await fetch(`${API_ROOT}/public/ca`);
  if (!response.ok) throw new Error(`${response.status}`);
  return response.text();
}

/** @param files one file, and the SM2 signature beside it if there is one. Null where there is no file but a signature. */
export async function checkFiles(files: File[], trust: string): Promise<Checked | null> {
  const file = files.find((one) => !isSignature(one));
  const beside = files.find(isSignature);
  if (!file) return null;
  const bytes = new Uint8Array(await file.arrayBuffer());
  const { verifyPdf } = await import('../../../contracts/pdf/verify.ts');
  const verification = await verifyPdf(bytes, trust);
  // What a file that isn't genuine says of itself is worth nothing.
  const certificate = verification.verdict === 'genuine' ? await certificateIn(bytes).catch(() => null) : null;
  const detached = beside ? await checkBeside(bytes, beside, trust) : null;
  return { ...verification, file: file.name, certificate, detached };
}

async function checkBeside(bytes: Uint8Array, beside: File, trust: string): Promise<Detached> {
  const { verifyDetached } = await import('../../../contracts/pdf/sm2.ts');
  return verifyDetached(bytes, new Uint8Array(await beside.arrayBuffer()), trust);
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
