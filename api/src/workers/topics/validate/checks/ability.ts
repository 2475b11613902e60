/** Years of testing experience that stand for an intermediate title (Review Criteria, Art 9(3)). */
const YEARS: Record<string, { zh: string; years: number }> = {
  doctor: { zh: '博士', years: 1 },
  master: { zh: '硕士', years: 3 },
  bachelor: { zh: '本科', years: 5 },
  college: { zh: '大专', years: 8 },
};

/** What is missing for an intermediate title or equal ability; null where nothing is. */
export function lacksAbility(title: unknown, education: unknown, years: unknown): { zh: string; en: string } | null {
  if (title === 'senior' || title === 'intermediate') return null;
  const needed = YEARS[String(education)];
  if (!needed)
    return {
      zh: '应有中级及以上职称或者同等能力；大专以下学历不能按同等能力认定',
      en: 'An intermediate title is needed; below college nothing counts as equal ability',
    };
  if (Number(years) >= needed.years) return null;
  return {
    zh: `没有中级及以上职称，按同等能力${needed.zh}应有 ${needed.years} 年相关检验检测经历，现填 ${Number(years) || 0} 年`,
    en: `Without an intermediate title ${needed.years} years of experience are needed, not ${Number(years) || 0}`,
  };
}
