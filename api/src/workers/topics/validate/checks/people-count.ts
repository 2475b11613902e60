import type { Check } from '../check.ts';

export const peopleCount: Check = {
  code: 'people-count',
  title: { zh: '人员表与总人数', en: 'People and total' },
  basis: '《检验检测机构资质认定申请书》4.1、附表4',
  async run({ data, rows }) {
    const listed = (await rows('people')).length;
    if (listed === Number(data.staffTotal)) return [];
    return [
      {
        path: 'people',
        severity: 'warning',
        zh: `人员表列 ${listed} 人，总人数填 ${Number(data.staffTotal ?? 0)} 人`,
        en: `The table lists ${listed} people, the total says ${Number(data.staffTotal ?? 0)}`,
      },
    ];
  },
};
