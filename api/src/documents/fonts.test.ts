import assert from 'node:assert/strict';
import { createFonts, missingGlyphs } from './fonts.ts';

describe('fonts', () => {
  const fonts = createFonts();

  it('has every character of an ordinary text, rare names included', () => {
    assert.deepEqual(
      missingGlyphs('贵州省市场监督管理局（印章）\n赵喆、张堃、李玥、王珺：≤ 0.01 mg/L，①℃±µ²', fonts.serif),
      [],
    );
  });

  it('names each character that it lacks once', () => {
    assert.deepEqual(missingGlyphs('张𰻝和李𰻝，😀', fonts.serif), ['𰻝', '😀']);
  });
});
