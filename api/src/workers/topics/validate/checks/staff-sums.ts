import type { Check } from '../check.ts';

export const staffSums: Check = {
  code: 'staff-sums',
  title: { zh: '人数之和', en: 'Sums of staff' },
  basis: '《检验检测机构资质认定申请书》4.1',
  run({ data }) {
    const { staffTotal, staffSenior, staffIntermediate, staffJunior, staffOther } = data;
    const sum = [staffSenior, staffIntermediate, staffJunior, staffOther].reduce<number>(
      (a, b) => a + Number(b ?? 0),
      0,
    );
    if (sum === Number(staffTotal)) return [];
    return [
      {
        path: 'staffTotal',
        severity: 'error',
        zh: `总人数 ${Number(staffTotal ?? 0)}，各职称与其他人数之和 ${sum}，两数应相等`,
        en: `The total is ${Number(staffTotal ?? 0)}, the parts add up to ${sum}`,
      },
    ];
  },
};
