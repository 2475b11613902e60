import assert from 'node:assert/strict';
import { appendObject, packedPdf } from '../../../contracts/pdf/testing.ts';
import { createFonts } from '../documents/index.ts';
import { drawSeal } from './seal-picture.ts';
import type { SealRequest, Signatures } from './signatures.ts';
import { createMemoryKeys, createPdf, createTestSignatures } from './testing.ts';

const fonts = createFonts();
const font = fonts.serifBold.font();

const office: SealRequest = {
  keyId: 'office:520000',
  name: '贵州省市场监督管理局',
  reason: '受理通知书',
  location: '贵州省贵阳市',
  at: new Date('2026-11-21T10:32:00+08:00'),
  sealPicture: drawSeal({ text: '贵州省市场监督管理局', centre: '行政许可专用章', font }),
};

const institution: SealRequest = {
  ...office,
  keyId: 'institution:91520000MA00000151',
  name: '贵州黔检检测有限公司',
  reason: '资质认定申请书',
  at: new Date('2026-11-20T09:00:00+08:00'),
  sealPicture: drawSeal({ text: '贵州黔检检测有限公司', font }),
};

describe('signatures', function () {
  this.timeout(30_000);

  let signatures: Signatures;
  let plain: Buffer;
  let sealed: Buffer;
  let twice: Buffer;

  before(async () => {
    signatures = await createTestSignatures();
    plain = await createPdf(['申请书\n申请机构（印章）', '受理通知书\n贵州省市场监督管理局（印章）'], fonts.serif);
    sealed = await signatures.seal(plain, institution);
    twice = await signatures.seal(sealed, office);
  });

  const verdict = async (bytes: Uint8Array) => (await signatures.verify(bytes)).verdict;

  it('signs with the time and the name of the signing, and verifies', async () => {
    const { verdict, signers, where } = await signatures.verify(await signatures.seal(plain, office));
    assert.equal(verdict, 'genuine');
    assert.equal(where, undefined);
    assert.deepEqual(signers, [
      {
        name: '贵州省市场监督管理局',
        keyId: 'office:520000',
        at: '2026-11-21T10:32:00+08:00',
        reason: '受理通知书',
        location: '贵州省贵阳市',
        verdict: 'genuine',
      },
    ]);
  });

  it('keeps the institution’s signature when the office signs after it [CMA-3.9]', async () => {
    assert.deepEqual(twice.subarray(0, sealed.length), sealed);
    const { verdict, signers } = await signatures.verify(twice);
    assert.equal(verdict, 'genuine');
    assert.deepEqual(
      signers.map(({ name, verdict }) => [name, verdict]),
      [
        ['贵州黔检检测有限公司', 'genuine'],
        ['贵州省市场监督管理局', 'genuine'],
      ],
    );
  });

  it('signs files with packed objects and cross-reference streams', async () => {
    const once = await signatures.seal(packedPdf(), { ...institution, place: { page: 1, x: 300, y: 300 } });
    const again = await signatures.seal(once, { ...office, place: { page: 1, x: 300, y: 300 } });
    assert.equal(await verdict(again), 'genuine');
    assert.doesNotMatch(again.toString('latin1'), /\ntrailer/);
  });

  it('signs without a picture too', async () => {
    const unseen = await signatures.seal(plain, { ...office, sealPicture: undefined });
    assert.equal(await verdict(unseen), 'genuine');
  });

  it('finds one changed byte anywhere in the file', async () => {
    const missed: number[] = [];
    for (let at = 0; at < twice.length; at += 997) {
      const changed = Buffer.from(twice);
      changed[at] ^= 0x20 >> (at % 6);
      if ((await verdict(changed)) !== 'altered') missed.push(at);
    }
    assert.deepEqual(missed, []);
  });

  it('finds one changed byte anywhere in the signature itself, its padding included', async () => {
    const start = twice.lastIndexOf('/Contents <') + '/Contents <'.length;
    const end = twice.indexOf('>', start);
    for (const at of [...Array(40).keys()].map((i) => start + i * 67).concat(end - 5000, end - 1, end)) {
      const changed = Buffer.from(twice);
      changed[at] = changed[at] === 0x30 ? 0x31 : changed[at] ^ 0x20;
      const found = await signatures.verify(changed);
      assert.equal(found.verdict, 'altered', `byte ${at}`);
    }
  });

  it('says where a file was changed', async () => {
    const inTheFirst = Buffer.from(twice);
    inTheFirst[2000] ^= 1;
    const first = await signatures.verify(inTheFirst);
    assert.equal(first.where?.code, 'content');
    assert.match(first.where.zh, /「贵州黔检检测有限公司」签章之后/);

    const betweenTheTwo = Buffer.from(twice);
    betweenTheTwo[twice.indexOf('/Reason', sealed.length) + 12] ^= 1;
    const second = (await signatures.verify(betweenTheTwo)).where;
    assert.equal(second?.code, 'content');
    assert.equal(second.from, sealed.length);
  });

  it('finds what was appended', async () => {
    const appended = await signatures.verify(Buffer.concat([twice, Buffer.from('\n')]));
    assert.equal(appended.verdict, 'altered');
    assert.equal(appended.where?.code, 'after-signature');
    assert.equal(appended.where.from, twice.length);
    assert.equal(await verdict(twice.subarray(0, -1)), 'altered');
    assert.equal(await verdict(twice.subarray(0, sealed.length)), 'genuine');
  });

  it('finds a page exchanged after signing, even when another trusted key signs the result', async () => {
    const page = /(\d+) 0 obj\n<<\/Type \/Page [^]*?\/Contents \d+ 0 R[^]*?>>\nendobj/.exec(sealed.toString('latin1'))!;
    const exchanged = appendObject(sealed, Number(page[1]), page[0].replace(/\/Contents \d+ 0 R/, '/Contents 999 0 R'));
    assert.equal((await signatures.verify(exchanged)).where?.code, 'after-signature');
    const { verdict, where } = await signatures.verify(await signatures.seal(exchanged, office));
    assert.equal(verdict, 'altered');
    assert.match(where!.zh, /「贵州黔检检测有限公司」签章之后，第 2 页被改动/);
  });

  it('does not know signatures of another authority, unsigned files and other files', async () => {
    const others = await createTestSignatures();
    const foreign = await signatures.verify(await others.seal(plain, office));
    assert.equal(foreign.verdict, 'unknown');
    assert.equal(foreign.where?.code, 'unknown-signer');
    assert.equal((await signatures.verify(plain)).where?.code, 'unsigned');
    assert.equal((await signatures.verify(Buffer.from('not a pdf'))).where?.code, 'no-pdf');
    const both = await others.seal(plain, institution);
    const vouched = await signatures.verify(await signatures.seal(both, office));
    assert.equal(vouched.verdict, 'genuine');
    assert.deepEqual(
      vouched.signers.map((signer) => signer.verdict),
      ['unknown', 'genuine'],
    );
    assert.equal((await signatures.verify(both, { trust: others.ca() })).verdict, 'genuine');
  });

  it('keeps authority and keys between starts, and makes one pair when two processes ask at once', async () => {
    const keys = createMemoryKeys();
    const keyFile = Buffer.alloc(32, 7);
    const [one, two] = await Promise.all([createTestSignatures(keys, keyFile), createTestSignatures(keys, keyFile)]);
    assert.equal(one.ca(), two.ca());
    await Promise.all([one.seal(plain, office), two.seal(plain, office)]);
    const sealed = await (await createTestSignatures(keys, keyFile)).seal(plain, office);
    assert.equal((await one.verify(sealed)).verdict, 'genuine');
    assert.deepEqual([...keys.held.keys()], ['ca', 'office:520000/贵州省市场监督管理局']);
    for (const { encryptedKey } of keys.held.values()) assert.doesNotMatch(encryptedKey, /PRIVATE/);
  });

  it('signs with a new pair when the office is renamed; earlier documents stay genuine', async () => {
    const renamed = await signatures.seal(plain, { ...office, name: '贵州省市场监管局' });
    assert.equal((await signatures.verify(renamed)).signers[0].name, '贵州省市场监管局');
    assert.equal(await verdict(twice), 'genuine');
  });
});
