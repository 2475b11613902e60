import { REVIEW_CRITERIA, type Check } from '../check.ts';
import { lacksAbility } from './ability.ts';

export const technicalDirector: Check = {
  code: 'technical-director',
  title: { zh: '技术负责人', en: 'Technical director' },
  basis: `${REVIEW_CRITERIA}第九条`,
  run({ data }) {
    const lacks = lacksAbility(data.techDirectorTitle, data.techDirectorEducation, data.techDirectorYears);
    if (!lacks) return [];
    return [
      {
        path: 'techDirectorTitle',
        severity: 'error',
        zh: `技术负责人：${lacks.zh}`,
        en: `Technical director: ${lacks.en}`,
      },
    ];
  },
};
