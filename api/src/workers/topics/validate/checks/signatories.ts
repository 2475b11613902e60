import { REVIEW_CRITERIA, type Check } from '../check.ts';
import { lacksAbility } from './ability.ts';

export const signatories: Check = {
  code: 'signatories',
  title: { zh: '授权签字人', en: 'Authorised signatories' },
  basis: `${REVIEW_CRITERIA}第九条`,
  async run({ rows }) {
    return (await rows('signatories')).flatMap(({ rowId, data }) => {
      const lacks = lacksAbility(data.title, data.education, data.years);
      if (!lacks) return [];
      const path = `signatories/${rowId}/title`;
      return [
        {
          path,
          severity: 'error' as const,
          zh: `授权签字人${data.name ?? ''}：${lacks.zh}`,
          en: `Signatory ${data.name ?? ''}: ${lacks.en}`,
        },
      ];
    });
  },
};
