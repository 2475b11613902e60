import assert from 'node:assert/strict';
import { createFonts } from '../documents/index.ts';
import { glance } from './glance.ts';
import { createPdf } from './testing.ts';

describe('a quick look for words in a PDF', () => {
  const { serif } = createFonts();

  it('tells pages that show the words from those that do not', async () => {
    const stands = await glance(
      await createPdf(['第一页', '贵州省市场监督管理局（印章）', '附件（印 章）'], serif),
      '（印章）',
    );
    assert.deepEqual(await Promise.all([1, 2, 3].map(stands)), [false, true, false]);
  });

  it('rules out nothing that it cannot read', async () => {
    const standard = await glance(await createPdf(['a seal'], { ...serif, path: 'Helvetica' }), '（印章）');
    assert.equal(await standard(1), true);
    const broken = await glance(Buffer.from('%PDF-1.7 nothing else'), '（印章）');
    assert.equal(await broken(1), true);
  });
});
