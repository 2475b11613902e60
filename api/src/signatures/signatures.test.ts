import assert from 'node:assert/strict';
import fc from 'fast-check';
import { appendObject, packedPdf } from '../../../contracts/pdf/testing.ts';
import { createFonts } from '../documents/index.ts';
import { sliceOf } from './append.ts';
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

  it('puts slices of each seal along the edges of the pages; later seals keep the earlier ones [PLT-6.2]', async () => {
    const edges = (file: Buffer) => file.toString('latin1').match(/\/Subtype \/Stamp/g)?.length ?? 0;
    assert.deepEqual([edges(plain), edges(sealed), edges(twice)], [0, 2, 4]);
    const one = await signatures.seal(await createPdf(['通知书（印章）'], fonts.serif), office);
    assert.equal(edges(one), 0);
    const slices = Array.from({ length: 23 }, (_, i) => sliceOf(i, 23));
    const seals = slices.filter(({ from }) => from === 0).length;
    assert.equal(seals, 3);
    assert.ok(Math.abs(slices.reduce((sum, { width }) => sum + width, 0) - 3 * (42 / 25.4) * 72) < 1e-6);
    const moved = sealed.indexOf('/NM <');
    const changed = Buffer.from(sealed);
    changed[sealed.indexOf('/Rect [', moved) + 8]! ^= 1;
    assert.equal(await verdict(changed), 'altered');
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
    assert.match(where!.zh, /「贵州黔检检测有限公司」签章之后，第 1 页被改动/);
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
    assert.deepEqual([...keys.held.keys()], ['ca', 'sm2:ca', 'office:520000/贵州省市场监督管理局']);
    for (const { encryptedKey } of keys.held.values()) assert.doesNotMatch(encryptedKey, /PRIVATE/);
  });

  it('signs with a new pair when the office is renamed; earlier documents stay genuine', async () => {
    const renamed = await signatures.seal(plain, { ...office, name: '贵州省市场监管局' });
    assert.equal((await signatures.verify(renamed)).signers[0].name, '贵州省市场监管局');
    assert.equal(await verdict(twice), 'genuine');
  });

  it('finds one changed byte at any offset, and one that is gone or added [PLT-6.2]', async () => {
    const changes = fc.record({
      at: fc.nat(twice.length - 1),
      how: fc.oneof(fc.integer({ min: 1, max: 255 }), fc.constant('removed' as const), fc.constant('added' as const)),
    });
    await fc.assert(
      fc.asyncProperty(changes, async ({ at, how }) => {
        const [before, after] = [twice.subarray(0, at), twice.subarray(at + 1)];
        const byte = Buffer.of(typeof how === 'number' ? twice[at]! ^ how : twice[at]!);
        const middle = how === 'removed' ? [] : how === 'added' ? [byte, byte] : [byte];
        assert.equal(await verdict(Buffer.concat([before, ...middle, after])), 'altered');
      }),
      { numRuns: 60 },
    );
  });

  describe('detached, SM2 over SM3', () => {
    const verify = (file: Uint8Array, signature: Uint8Array) => signatures.verifyDetached(file, signature);
    let signature: Buffer;
    before(async () => (signature = await signatures.signDetached(sealed, office)));

    it('verifies with who and when, next to the signature within the PDF [PLT-6.2]', async () => {
      const found = await verify(sealed, signature);
      assert.equal(found.verdict, 'genuine');
      assert.deepEqual(found.signer, {
        name: '贵州省市场监督管理局',
        keyId: 'office:520000',
        at: '2026-11-21T10:32:00+08:00',
      });
      assert.equal((await verify(twice, signature)).verdict, 'altered');
    });

    it('finds one changed byte at any offset of file and signature [PLT-6.2]', async () => {
      await fc.assert(
        fc.asyncProperty(fc.boolean(), fc.nat(), fc.integer({ min: 1, max: 255 }), async (inFile, offset, by) => {
          const [file, message] = [Buffer.from(sealed), Buffer.from(signature)];
          const changed = inFile ? file : message;
          changed[offset % changed.length]! ^= by;
          assert.notEqual((await verify(file, message)).verdict, 'genuine');
        }),
        { numRuns: 40 },
      );
    });

    it('says of a message with an impossible time that it is damaged', async () => {
      const message = Buffer.from(signature);
      const time = message.indexOf('261121023200Z');
      message.write('99', time);
      assert.equal((await verify(sealed, message)).verdict, 'altered');
      message.write('26112102320/', time);
      assert.equal((await verify(sealed, message)).verdict, 'altered');
    });

    it('does not know another authority, and reads whatever it is given', async () => {
      const others = await createTestSignatures();
      assert.equal((await verify(sealed, await others.signDetached(sealed, office))).verdict, 'unknown');
      assert.equal((await verify(sealed, Buffer.from('no signature'))).verdict, 'altered');
    });

    it('keeps its private keys encrypted [PLT-6.2]', async () => {
      const keys = createMemoryKeys();
      const own = await createTestSignatures(keys);
      await own.signDetached(plain, office);
      assert.deepEqual([...keys.held.keys()], ['ca', 'sm2:ca', 'sm2:office:520000/贵州省市场监督管理局']);
    });
  });
});
