import { kinds } from '../../../../../../contracts/kinds/index.ts';
import type { Check } from '../check.ts';

export const uscc: Check = {
  code: 'uscc',
  title: { zh: '统一社会信用代码', en: 'Unified social credit code' },
  basis: 'GB 32100-2015',
  run({ data, today }) {
    const field = { type: 'uscc' as const, key: 'uscc', label: '统一社会信用代码' };
    return ['uscc', 'parentUscc']
      .filter((key) => data[key])
      .flatMap((key) =>
        kinds.uscc.check(data[key], { ...field, key }, { data, today }).map(({ severity, zh, en }) => ({
          path: key,
          severity,
          zh: `统一社会信用代码：${zh}`,
          en,
        })),
      );
  },
};
