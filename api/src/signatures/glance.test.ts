import assert from 'node:assert/strict';
import { createFonts } from '../documents/index.ts';
import { glance } from './glance.ts';
import { createPdf } from './testing.ts';

describe('a quick look at the text of a PDF', () => {
  const { serif } = createFonts();

  it('tells pages that show some words from those that do not', async () => {
    const { read } = await glance(await createPdf(['第一页', '贵州省市场监督管理局（印章）', '附件（印 章）'], serif));
    const texts = await Promise.all([1, 2, 3].map(async (page) => (await read(page))?.map(({ str }) => str).join('')));
    assert.deepEqual(
      texts.map((text) => text?.includes('（印章）')),
      [false, true, false],
    );
  });

  it('says where each character stands', async () => {
    const pieces = (await (await glance(await createPdf(['一二（三）'], serif))).read(1))!;
    assert.deepEqual(
      pieces.map(({ str, at }) => [str, Math.round(at!.x), Math.round(at!.width), Math.round(at!.height)]),
      [...'一二（三）'].map((str, i) => [str, 100 + 14 * i, 14, 14]),
    );
  });

  it('says nothing about what it cannot read', async () => {
    const standard = await glance(await createPdf(['a seal'], { ...serif, path: 'Helvetica' }));
    assert.equal(await standard.read(1), undefined);
    const broken = await glance(Buffer.from('%PDF-1.7 nothing else'));
    assert.equal(await broken.read(1), undefined);
  });
});
