import { z } from 'zod';

interface Said {
  zh: string;
  en: string;
}

const UNITS: Record<string, Said> = {
  string: { zh: '个字', en: 'characters' },
  array: { zh: '项', en: 'items' },
};

/** How to mend what a schema has refused, as somebody reads it who filled in a form. */
export function wordsOf(issue: z.core.$ZodIssue): Said {
  if (issue.code === 'custom' && issue.params) return issue.params as unknown as Said;
  if (issue.code === 'invalid_type' && /received undefined/.test(issue.message))
    return { zh: '缺少这一项', en: issue.message };
  if (issue.code === 'too_small' && issue.origin === 'string' && issue.minimum === 1)
    return { zh: '填写这一项', en: 'Fill this in' };
  if (issue.code === 'too_small') return bound('至少', 'At least', issue.minimum, issue.origin);
  if (issue.code === 'too_big') return bound('最多', 'At most', issue.maximum, issue.origin);
  if (issue.code === 'invalid_format' && issue.format === 'email')
    return { zh: '写成邮箱地址，如 name@example.cn', en: 'Write a mail address, such as name@example.cn' };
  const zh = z.locales.zhCN().localeError(issue as z.core.$ZodRawIssue);
  return { zh: typeof zh === 'string' ? zh : (zh?.message ?? '不符合要求'), en: issue.message };
}

function bound(zh: string, en: string, limit: number | bigint, origin: string): Said {
  const unit = UNITS[origin];
  return unit
    ? { zh: `${zh} ${limit} ${unit.zh}`, en: `${en} ${limit} ${unit.en}` }
    : { zh: `${zh} ${limit}`, en: `${en} ${limit}` };
}
