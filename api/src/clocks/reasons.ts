/** Why a statutory clock may stand; the model names the reason by its code (`stop:technical-review`). */
export interface StopReason {
  zh: string;
  en: string;
  /** Law and article. */
  basis: string;
}

const LICENSING_LAW_45 = '《行政许可法》第四十五条';
const MEASURES_11 = '《检验检测机构资质认定管理办法》第十一条';

export const STOP_REASONS: Record<string, StopReason> = {
  'technical-review': {
    zh: '技术评审所需时间不计入期限',
    en: 'The time of the technical review is not counted',
    basis: `${LICENSING_LAW_45}、${MEASURES_11}`,
  },
  rectification: {
    zh: '申请人整改的时间不计入期限',
    en: 'The time in which the applicant rectifies is not counted',
    basis: MEASURES_11,
  },
  supplement: {
    zh: '等待申请人补正材料',
    en: 'The applicant supplements the application',
    basis: '《行政许可法》第三十二条',
  },
  hearing: { zh: '听证所需时间不计入期限', en: 'The time of the hearing is not counted', basis: LICENSING_LAW_45 },
  inspection: {
    zh: '检验、检测、检疫所需时间不计入期限',
    en: 'The time of inspection and testing is not counted',
    basis: LICENSING_LAW_45,
  },
  appraisal: { zh: '鉴定所需时间不计入期限', en: 'The time of the appraisal is not counted', basis: LICENSING_LAW_45 },
  'expert-review': {
    zh: '专家评审所需时间不计入期限',
    en: 'The time of the experts’ review is not counted',
    basis: LICENSING_LAW_45,
  },
};
