import { addMonths, dayNumber, dayText } from '../../../../../../contracts/days.ts';
import { REVIEW_CRITERIA, type Check } from '../check.ts';

export const systemAge: Check = {
  code: 'system-age',
  title: { zh: '管理体系运行时间', en: 'Age of the management system' },
  basis: `${REVIEW_CRITERIA}第十二条`,
  run({ data, appliedOn }) {
    const started = data.systemStartedOn;
    const full = typeof started === 'string' && started !== '' ? dayText(addMonths(dayNumber(started), 3)) : null;
    if (full && full <= appliedOn) return [];
    return [
      {
        path: 'systemStartedOn',
        severity: 'error',
        zh: `首次申请前管理体系应已运行三个月${full ? `，${full} 届满` : ''}`,
        en: `The management system must have been in operation for three months${full ? `, which ends on ${full}` : ''}`,
      },
    ];
  },
};
