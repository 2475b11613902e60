import assert from 'node:assert/strict';
import { createFonts } from '../documents/index.ts';
import { findPlace, SEAL_ANCHOR } from './place.ts';
import { createPdf } from './testing.ts';

describe('place of a seal', function () {
  // The first search loads the PDF reader.
  this.timeout(20_000);
  const { serif } = createFonts();

  it('is over the last place where the words stand', async () => {
    const pdf = await createPdf(['（印章）', '贵州省市场监督管理局（印章）', '送达说明'], serif);
    const { page, x, y } = await findPlace(pdf, SEAL_ANCHOR);
    assert.equal(page, 2);
    // Ten characters of 14 points stand before the words, which are four wide; the line begins at 100.
    assert.ok(Math.abs(x - (100 + 14 * 12)) < 3, `x ${x}`);
    assert.ok(y > 300 && y < 342, `y ${y}`);
  });

  it('begins with the words themselves where they are a piece of their own', async () => {
    const pdf = await createPdf(['发证机关：贵州省市场监督管理局\n（印章）'], serif);
    const { x } = await findPlace(pdf, SEAL_ANCHOR);
    assert.ok(Math.abs(x - (100 + 14 * 2)) < 3, `x ${x}`);
  });

  it('is the lower right of the last page without them', async () => {
    assert.deepEqual(await findPlace(await createPdf(['一', '二'], serif), SEAL_ANCHOR), {
      page: 2,
      x: 465.28,
      y: 150,
    });
  });
});
