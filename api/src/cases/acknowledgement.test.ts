import assert from 'node:assert/strict';
import { createFonts } from '../documents/index.ts';
import { drawAcknowledgement } from './acknowledgement.ts';

describe('acknowledgement', () => {
  const facts = {
    office: '贵州省市场监督管理局',
    number: 'CMA-2026-00001',
    item: '检验检测机构资质认定首次申请',
    applicant: '贵州黔岭示例检测技术有限公司',
    receivedOn: '2026-09-14',
    materials: ['质量手册　1 件', '法人证书　2 件'],
    url: 'https://zhunyu.example/progress',
  };

  it('is one page of PDF, however many materials there are [PLT-2.6]', async () => {
    for (const materials of [facts.materials, Array.from({ length: 90 }, (_, i) => `材料 ${i}`)]) {
      const bytes = await drawAcknowledgement({ ...facts, materials }, createFonts());
      assert.equal(bytes.subarray(0, 5).toString(), '%PDF-');
      assert.equal(bytes.toString('latin1').match(/\/Type \/Page\b/g)?.length, 1);
    }
  });
});
