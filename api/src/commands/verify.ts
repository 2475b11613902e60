/**
 * `npm run verify -- FILE.pdf [--sm2 FILE.sm2.sig] [--ca CA.pem]`: is this document or certificate genuine, by the
 * signatures in it and, where it is given, by the SM2 signature beside it. Trusts the CA certificate that it is
 * given, else the one that the product publishes at PUBLIC_URL. Ends with 0 when it is genuine, 1 when not, 2 when it
 * could not check.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { checkCertificate, type CertificateCheck } from '../../../contracts/certificate.ts';
import { verifyDetached } from '../../../contracts/pdf/sm2.ts';
import { verifyPdf, type Signer, type Verdict, type Verification } from '../../../contracts/pdf/verify.ts';
import { readSettings } from '../../../engine-adapters/launcher/settings.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

const VERDICTS: Record<Verdict, string> = {
  genuine: '真实，签章之后没有改动 · genuine, unchanged since it was sealed',
  altered: '已被改动，不可采信 · altered after it was sealed',
  unknown: '无法确认，没有受信任的签章 · unknown, no seal that is trusted',
};
const SIGNERS: Record<Verdict, string> = {
  genuine: '有效 valid',
  altered: '无效 broken',
  unknown: '不受信任 not trusted',
};

/**
 * @param trust CA certificates, PEM
 * @param sm2 the SM2 signature beside the file
 */
export async function verifyFile(
  bytes: Uint8Array,
  trust: string,
  sm2?: Uint8Array,
): Promise<{ genuine: boolean; text: string }> {
  const verification = await verifyPdf(bytes, trust);
  const certificate = await checkCertificate(bytes, trust);
  const detached = sm2 && (await verifyDetached(bytes, sm2, trust));
  const beside = detached
    ? `国密签名 SM2：${[detached.zh, detached.en].join(' · ')}${detached.signer ? `（${detached.signer.name}，${detached.signer.at.replace('T', ' ')}）` : ''}\n`
    : '';
  return {
    genuine: verification.verdict === 'genuine' && (!detached || detached.verdict === 'genuine'),
    text: describe(verification, certificate) + beside,
  };
}

function describe({ verdict, where, signers }: Verification, certificate: CertificateCheck | null): string {
  const lines = [VERDICTS[verdict]];
  if (where) lines.push(`  ${where.zh}`, `  ${where.en}`);
  lines.push(...signers.map(signerLine));
  if (certificate) {
    const { data, digest } = certificate;
    lines.push(
      `证书 certificate：${data.number} 第 ${data.version} 版，${data.holder.name}，${data.validFrom} 至 ${data.validTo}`,
      `数据摘要 digest：${digest}`,
      '证书现在是否有效，以公众查询页为准 · whether it is in force now, the public page says',
    );
  }
  return `${lines.join('\n')}\n`;
}

const signerLine = ({ name, keyId, at, reason, location, verdict }: Signer) =>
  `签章 seal：${[name, keyId, at.replace('T', ' '), reason, location].filter(Boolean).join('，')}，${SIGNERS[verdict]}`;

async function publishedAuthority(): Promise<string> {
  const url = `${readSettings(process.env, root).publicUrl}/api/v1/public/ca`;
  const answer = await fetch(url).catch(() => undefined);
  if (!answer?.ok)
    throw new Error(`${url} 没有给出根证书，用 --ca CA.pem 指定 · no authority there, give it with --ca`);
  return answer.text();
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { ca: { type: 'string' }, sm2: { type: 'string' } },
    allowPositionals: true,
  });
  if (positionals.length !== 1)
    throw new Error('用法 usage：npm run verify -- FILE.pdf [--sm2 FILE.sm2.sig] [--ca CA.pem]');
  const trust = values.ca ? await readFile(values.ca, 'utf8') : await publishedAuthority();
  if (!trust.includes('BEGIN CERTIFICATE')) throw new Error(`${values.ca} 不是 PEM 证书 · not a PEM certificate`);
  const sm2 = values.sm2 ? await readFile(values.sm2) : undefined;
  const { genuine, text } = await verifyFile(await readFile(positionals[0]), trust, sm2);
  process.stdout.write(text);
  process.exitCode = genuine ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main().catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  });
}
