import { kinds } from '../../../../../../contracts/kinds/index.ts';
import { REVIEW_CRITERIA, type Check, type CheckFinding } from '../check.ts';

const STANDARD = { type: 'standard-no' as const, key: 'standardNo', label: '标准编号' };

export const capabilities: Check = {
  code: 'capabilities',
  title: { zh: '能力的标准、场所和设备', en: 'Standard, site and equipment of capabilities' },
  basis: `${REVIEW_CRITERIA}第十一条、第十二条`,
  async run({ rows, data, today }) {
    const sites = new Set((await rows('sites')).map((row) => row.data.code));
    const equipment = new Map((await rows('equipment')).map((row) => [String(row.data.code), row.data]));
    return (await rows('capabilities')).flatMap(({ rowId, position, data: row }) => {
      const found: CheckFinding[] = [];
      const add = (column: string, severity: 'error' | 'warning', zh: string, en: string) =>
        found.push({
          path: `capabilities/${rowId}/${column}`,
          severity,
          zh: `能力第 ${position} 行「${row.parameter ?? ''}」：${zh}`,
          en: `Capability ${position}: ${en}`,
        });
      for (const wrong of kinds['standard-no'].check(String(row.standardNo ?? ''), STANDARD, { data, today }))
        add('standardNo', wrong.severity, wrong.zh, wrong.en);
      if (!sites.has(row.site))
        add('site', 'error', `场所 ${row.site ?? ''} 不在场所表中`, `there is no site ${row.site ?? ''}`);
      const codes = String(row.equipment ?? '')
        .split(/[,，、;；]/)
        .map((code) => code.trim())
        .filter(Boolean);
      if (codes.length === 0) add('equipment', 'error', '没有写仪器设备', 'no equipment is named');
      for (const code of codes) {
        const item = equipment.get(code);
        if (!item) add('equipment', 'error', `仪器设备 ${code} 不在设备表中`, `there is no equipment ${code}`);
        else if (typeof item.validUntil === 'string' && item.validUntil < today)
          add(
            'equipment',
            'warning',
            `仪器设备 ${code} 溯源有效期 ${item.validUntil} 已过`,
            `the traceability of ${code} ended on ${item.validUntil}`,
          );
        else if (item.confirmed === 'no')
          add(
            'equipment',
            'warning',
            `仪器设备 ${code} 确认结果为不符合`,
            `equipment ${code} was confirmed as not conforming`,
          );
      }
      return found;
    });
  },
};
