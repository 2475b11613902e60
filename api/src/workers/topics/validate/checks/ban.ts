import type { Check } from '../check.ts';

interface Ban {
  ground: string;
  article: string;
  to_day: string;
}

export const ban: Check = {
  code: 'ban',
  title: { zh: '不得申请的期间', en: 'Ban on applying' },
  basis: '《检验检测机构资质认定管理办法》第三十二条、第三十三条',
  async run({ db, subject, data, release, appliedOn }) {
    const bans: Ban[] = await db('ban')
      .where('subject_register', subject?.register ?? release.package.flow.subject.register)
      .where((who) => who.where('subject_id', subject?.id ?? null).orWhere('uscc', String(data.uscc ?? '')))
      .where((which) => which.whereNull('flow').orWhere('flow', release.flow))
      .where('from_day', '<=', appliedOn)
      .where('to_day', '>=', appliedOn);
    return bans.map(({ ground, article, to_day: until }) => ({
      path: 'uscc',
      severity: 'error' as const,
      zh: `${ground}，${until} 以前不得申请`,
      en: `Banned from applying until ${until}: ${ground}`,
      basis: article,
    }));
  },
};
