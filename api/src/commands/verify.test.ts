import assert from 'node:assert/strict';
import { canonicalJson } from '../../../contracts/canonical-json.ts';
import { certificateDigest, checkCertificate, type CertificateData } from '../../../contracts/certificate.ts';
import { appendObject } from '../../../contracts/pdf/testing.ts';
import { renderCertificate } from '../certificates/index.ts';
import { createFonts } from '../documents/index.ts';
import { createTestSignatures } from '../signatures/testing.ts';
import { verifyFile } from './verify.ts';

const data: CertificateData = {
  kind: 'certificate',
  kindTitle: '检验检测机构资质认定证书',
  number: '262420340001',
  version: 1,
  holder: { name: '贵州黔检检测有限公司', uscc: '91520000MA00000151', address: '贵阳市观山湖区长岭北路 1 号' },
  authority: '贵州省市场监督管理局',
  issuedOn: '2026-11-21',
  validFrom: '2026-11-21',
  validTo: '2032-11-20',
  annexes: [],
};

describe('npm run verify', function () {
  this.timeout(30_000);
  let ca: string;
  let sealed: Buffer;
  let digest: string;
  let beside: Buffer;

  before(async () => {
    const signatures = await createTestSignatures();
    ca = signatures.ca();
    digest = await certificateDigest(data);
    const printed = { digest, url: 'https://zhunyu.example/v/262420340001/1/AB2CDEFGHJ' };
    sealed = await signatures.seal(await renderCertificate(data, printed, createFonts()), {
      keyId: 'office:520000',
      name: data.authority,
      reason: data.kindTitle,
      location: '贵州省',
      at: new Date('2026-11-21T10:32:00+08:00'),
    });
    beside = await signatures.signDetached(sealed, {
      keyId: 'office:520000',
      name: data.authority,
      at: new Date('2026-11-21T10:32:00+08:00'),
    });
  });

  it('says that a certificate is genuine, who sealed it, and its digest [CMA-9.3]', async () => {
    const { genuine, text } = await verifyFile(sealed, ca);
    assert.ok(genuine);
    assert.match(text, /^真实/);
    assert.match(text, /签章 seal：贵州省市场监督管理局，office:520000，2026-11-21 10:32:00\+08:00，.*有效/);
    assert.match(text, /证书 certificate：262420340001 第 1 版，贵州黔检检测有限公司，2026-11-21 至 2032-11-20/);
    assert.ok(text.includes(digest));
  });

  it('says where one was altered, and does not know other files [CMA-9.3]', async () => {
    const changed = Buffer.from(sealed);
    changed[1000] ^= 1;
    const altered = await verifyFile(changed, ca);
    assert.equal(altered.genuine, false);
    assert.match(altered.text, /^已被改动[^]*第 0 至 \d+ 字节之间的内容被改动/);
    const other = await verifyFile(sealed, (await createTestSignatures()).ca());
    assert.match(other.text, /^无法确认[^]*不受信任/);
    assert.match((await verifyFile(Buffer.from('%PDF-1.7'), ca)).text, /^无法确认[^]*不是可以读取的 PDF/);
  });

  it('checks the SM2 signature beside the file too [PLT-6.2 PLT-6.5]', async () => {
    const whole = await verifyFile(sealed, ca, beside);
    assert.ok(whole.genuine);
    assert.match(whole.text, /国密签名 SM2：国密签名有效.*贵州省市场监督管理局，2026-11-21 10:32/);
    const changed = Buffer.from(beside);
    changed[changed.length - 3]! ^= 1;
    const altered = await verifyFile(sealed, ca, changed);
    assert.equal(altered.genuine, false);
    assert.match(altered.text, /国密签名本身已损坏或被改动/);
  });

  it('finds data exchanged in the attachment, as the browser does [CMA-9.3]', async () => {
    const check = await checkCertificate(sealed, ca);
    assert.deepEqual(check?.data, data);
    assert.equal(check.digest, digest);
    assert.equal(check.verification.verdict, 'genuine');

    const [, attachment] = /(\d+) 0 obj\n<<\n\/Type \/EmbeddedFile/.exec(sealed.toString('latin1'))!;
    const json = Buffer.from(canonicalJson({ ...data, validTo: '2042-11-20' }));
    const body = `${attachment} 0 obj\n<</Length ${json.length}>>\nstream\n${json.toString('latin1')}\nendstream\nendobj`;
    const exchanged = await checkCertificate(appendObject(sealed, Number(attachment), body), ca);
    assert.equal(exchanged?.data.validTo, '2042-11-20');
    assert.notEqual(exchanged.digest, digest);
    assert.equal(exchanged.verification.verdict, 'altered');
  });

  it('reads no certificate where there is none', async () => {
    assert.equal(await checkCertificate(Buffer.from('no pdf'), ca), null);
  });
});
