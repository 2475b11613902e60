import assert from 'node:assert/strict';
import { createFonts } from '../documents/index.ts';
import { drawSummary } from './summary.ts';

describe('the summary of a case on paper', () => {
  it('runs over as many pages as there is to tell [PLT-1.8]', async () => {
    const lines = (count: number) =>
      Array.from({ length: count }, (_, i) => ({ label: `第 ${i} 行`, text: `${'内容很长，'.repeat(20)}\n另一段` }));
    const pagesOf = async (count: number) => {
      const parts = [{ title: '时间线', lines: lines(count) }];
      const bytes = await drawSummary(
        {
          title: '贵州黔岭示例检测技术有限公司 首次申请',
          number: 'CMA-2026-00001',
          printed: '2026-11-21 韦若岚',
          parts,
        },
        createFonts(),
      );
      assert.equal(bytes.subarray(0, 5).toString(), '%PDF-');
      return bytes.toString('latin1').match(/\/Type \/Page\b/g)?.length ?? 0;
    };
    assert.equal(await pagesOf(3), 1);
    assert.equal((await pagesOf(60)) > 3, true);
  });
});
