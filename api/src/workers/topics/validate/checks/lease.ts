import { addMonths, dayNumber, dayText } from '../../../../../../contracts/days.ts';
import { REVIEW_CRITERIA, type Check } from '../check.ts';

export const lease: Check = {
  code: 'lease',
  title: { zh: '场所租期', en: 'Lease of sites' },
  basis: `${REVIEW_CRITERIA}第十条`,
  async run({ rows, appliedOn }) {
    const least = dayText(addMonths(dayNumber(appliedOn), 12) - 1);
    return (await rows('sites'))
      .filter(
        ({ data }) => data.ownership === 'rented' && !(typeof data.leaseUntil === 'string' && data.leaseUntil >= least),
      )
      .map(({ rowId, data }) => ({
        path: `sites/${rowId}/leaseUntil`,
        severity: 'error' as const,
        zh: `场所${data.name ?? ''}：租期自申请之日起应不少于一年，即不早于 ${least} 届满${data.leaseUntil ? `，现填 ${data.leaseUntil}` : ''}`,
        en: `Site ${data.name ?? ''}: the lease must last until ${least} at least`,
      }));
  },
};
