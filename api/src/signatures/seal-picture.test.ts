import assert from 'node:assert/strict';
import { createFonts } from '../documents/index.ts';
import { drawSeal, sealOperators, sealSvg } from './seal-picture.ts';

describe('seal picture', () => {
  const font = createFonts().serifBold.font();

  it('stays within its square for names of any length', () => {
    for (const text of ['局', '贵州省市场监督管理局', '贵州省黔西南布依族苗族自治州市场监督管理局检验检测分中心']) {
      const { outline } = drawSeal({ text, centre: '行政许可专用章', font });
      const widest = Math.max(...outline.flatMap(([, ...points]) => points).map(Math.abs));
      assert.ok(widest <= 1, `${text}: ${widest}`);
    }
  });

  it('is written for PDF and as SVG', () => {
    const seal = drawSeal({ text: '贵州省市场监督管理局', font });
    assert.match(sealOperators(seal), /^1 0 m\n1 0\.5523 0\.5523 1 0 1 c\n[^]*h\nf\n$/);
    assert.match(sealSvg(seal), /^<svg [^>]*viewBox="-1 -1 2 2"><path fill="#[0-9a-f]{6}" d="M1 0/);
  });
});
