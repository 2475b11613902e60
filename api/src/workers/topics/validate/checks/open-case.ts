import type { Check } from '../check.ts';

export const openCase: Check = {
  code: 'open-case',
  title: { zh: '在办的同类办件', en: 'Open case of the kind' },
  basis: '《中华人民共和国行政许可法》第三十二条',
  async run({ db, owner, subject, release }) {
    if (!subject) return [];
    const cases: { id: string; number: string }[] = await db('case')
      .where({ flow: release.flow, subject_register: subject.register, subject_id: subject.id })
      .whereNot({ state: 'closed' })
      .whereNot({ id: owner })
      .select('id', 'number');
    return cases.map(({ id, number }) => ({
      path: 'uscc',
      severity: 'error' as const,
      zh: `同类办件 ${number} 还在办，办结后再申请`,
      en: `Case ${number} of the same kind is open; apply again when it has ended`,
      relatedCase: id,
    }));
  },
};
