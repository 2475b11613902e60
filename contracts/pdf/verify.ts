import type { Certificate } from 'pkijs';
import { certificatesOf, checkCms, ownerOf } from './cms.ts';
import { openPdf, type PdfDocument } from './document.ts';
import { isString, latin1, type PdfRef } from './objects.ts';
import { otherThanSignatures, type Change } from './revisions.ts';
import { byteRange, isoDate, join, leavesOut, signatureFields, text, type ByteRange } from './signature-field.ts';

export type Verdict = 'genuine' | 'altered' | 'unknown';

/** Why a PDF isn't genuine, and between which bytes (`to` exclusive). */
export interface Where {
  code: 'content' | 'signature' | 'after-signature' | 'structure' | 'unsigned' | 'unknown-signer' | 'no-pdf';
  zh: string;
  en: string;
  from: number;
  to: number;
}

/** Who signed: name and key id from the certificate, the rest as signed in the PDF; `at` is ISO 8601 with zone. */
export interface Signer {
  name: string;
  keyId: string;
  at: string;
  reason: string;
  location: string;
  verdict: Verdict;
}

/**
 * `genuine`: signed under a trusted certificate, unchanged since but for further signatures.
 * `altered`: signed under one, but changed afterwards. `unknown`: no such signature.
 */
export interface Verification {
  verdict: Verdict;
  signers: Signer[];
  where?: Where;
}

interface Signed {
  signer: Signer;
  /** The byte behind what is signed. */
  end: number;
  where?: Where;
}

/**
 * Checks the signatures of a PDF against trusted CA certificates (PEM). Every byte counts: what isn't signed is
 * either the signature itself or makes the file altered. Never throws for a file, whatever it holds.
 */
export async function verifyPdf(bytes: Uint8Array, trust: string): Promise<Verification> {
  const authorities = certificatesOf(trust);
  const written = latin1(bytes).match(/\/ByteRange\s*\[/g)?.length ?? 0;
  const found = await signaturesOf(bytes, authorities).catch(() => undefined);
  if (!found) return written ? altered([], structure(bytes)) : unknown([], noPdf);
  const signers = found.map((item) => item.signer);
  if (found.length !== written) return altered(signers, structure(bytes));
  const broken = found.findIndex((item) => item.signer.verdict === 'altered');
  if (broken >= 0) return altered(signers, narrowed(found, broken));
  const trusted = found.filter((item) => item.signer.verdict === 'genuine');
  if (trusted.length === 0) return unknown(signers, found.length ? unknownSigner : unsigned);
  const after = await changeAfter(bytes, trusted);
  return after ? altered(signers, after) : { verdict: 'genuine', signers };
}

/** In the order of signing. @throws PdfError when the file can't be read */
async function signaturesOf(bytes: Uint8Array, trust: Certificate[]): Promise<Signed[]> {
  const pdf = await openPdf(bytes);
  const found: Signed[] = [];
  for (const ref of await signatureFields(pdf)) found.push(await check(pdf, ref, trust));
  return found.sort((a, b) => a.end - b.end);
}

const altered = (signers: Signer[], where: Where): Verification => ({ verdict: 'altered', signers, where });
const unknown = (signers: Signer[], where: Where): Verification => ({ verdict: 'unknown', signers, where });
const nowhere = { from: 0, to: 0 };
const noPdf: Where = { code: 'no-pdf', zh: '不是可以读取的 PDF 文件', en: 'not a readable PDF file', ...nowhere };
const unsigned: Where = { code: 'unsigned', zh: '文件没有数字签名', en: 'the file carries no signature', ...nowhere };
const unknownSigner: Where = {
  code: 'unknown-signer',
  zh: '签名证书不是由所信任的根证书签发的',
  en: 'the signing certificate was not issued under a trusted root',
  ...nowhere,
};
const structure = (bytes: Uint8Array): Where => ({
  code: 'structure',
  zh: '文件结构或签名域被改动，签名已不完整',
  en: 'the structure of the file or a signature field was changed',
  from: 0,
  to: bytes.length,
});

async function check(pdf: PdfDocument, ref: PdfRef, trust: Certificate[]): Promise<Signed> {
  const { bytes } = pdf;
  const signature = await pdf.dict(ref);
  const signer: Signer = {
    name: text(signature, 'Name'),
    keyId: '',
    at: isoDate(text(signature, 'M')),
    reason: text(signature, 'Reason'),
    location: text(signature, 'Location'),
    verdict: 'altered',
  };
  const contents = signature.get('Contents');
  const value = isString(contents) ? contents.bytes : new Uint8Array();
  const range = byteRange(pdf, ref, signature);
  const end = range ? range.rest + range.length : bytes.length;
  const signed = range ? join(bytes.subarray(0, range.gap), bytes.subarray(range.rest, end)) : new Uint8Array();
  const { state, signer: certificate } = await checkCms(value, signed, trust);
  Object.assign(signer, certificate && ownerOf(certificate));
  if (state === 'foreign') return { signer: { ...signer, verdict: 'unknown' }, end };
  if (!range) return { signer, end, where: structure(bytes) };
  if (state === 'other-content') return { signer, end, where: content(signer.name, 0, end) };
  const whole = state === 'genuine' && leavesOut(pdf, range, value);
  return whole ? { signer: { ...signer, verdict: 'genuine' }, end } : { signer, end, where: damaged(range) };
}

const content = (name: string, from: number, to: number): Where => ({
  code: 'content',
  zh: `「${name}」签章之后，第 ${from} 至 ${to} 字节之间的内容被改动`,
  en: `content between bytes ${from} and ${to} was changed after it was signed by ${name}`,
  from,
  to,
});

const damaged = ({ gap, rest }: ByteRange): Where => ({
  code: 'signature',
  zh: `数字签名本身（第 ${gap} 至 ${rest} 字节）被改动`,
  en: `the signature itself (bytes ${gap} to ${rest}) was changed`,
  from: gap,
  to: rest,
});

/** What an earlier signature still vouches for can't be where the change is. */
function narrowed(found: Signed[], broken: number): Where {
  const where = found[broken].where!;
  const intact = found.slice(0, broken).findLast((item) => item.signer.verdict === 'genuine');
  if (where.code !== 'content' || !intact) return where;
  return content(found[broken].signer.name, intact.end, where.to);
}

async function changeAfter(bytes: Uint8Array, trusted: Signed[]): Promise<Where | undefined> {
  for (const [i, { signer, end }] of trusted.entries()) {
    const next = trusted[i + 1];
    const change = next ? await otherThanSignatures(bytes.subarray(0, end), bytes.subarray(0, next.end)) : appended;
    if (!change || (!next && end === bytes.length)) continue;
    return {
      code: 'after-signature',
      zh: `「${signer.name}」签章之后，${change.zh}（第 ${end} 字节以后）`,
      en: `after it was signed by ${signer.name}, ${change.en} (behind byte ${end})`,
      from: end,
      to: next?.end ?? bytes.length,
    };
  }
  return undefined;
}

const appended: Change = { zh: '又追加了内容', en: 'content was appended' };
