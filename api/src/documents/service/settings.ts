/** Settings of service (RULES, Service). */
import { z } from 'zod';
import type { Setting } from '../../core/index.ts';

export const DEEMED_AFTER: Setting<number> = {
  key: 'service.deemed-after',
  title: { zh: '电子送达视为送达', en: 'Electronic service deemed made' },
  help: {
    zh: '发出几日后无人打开也视为送达，0 表示从不',
    en: 'Days after which a document that nobody opened counts as served; 0: never',
  },
  unit: { zh: '日', en: 'days' },
  schema: z.int().min(0).max(365),
  fallback: 15,
};

export const ANNOUNCED_AFTER: Setting<number> = {
  key: 'service.announcement-days',
  title: { zh: '公告送达的期间', en: 'Service by announcement' },
  help: {
    zh: '公告几日期满视为送达；默认 30 日（《民事诉讼法》第九十五条）',
    en: 'Days of the announcement after which a document counts as served; 30 by Civil Procedure Law 95',
  },
  unit: { zh: '日', en: 'days' },
  schema: z.int().min(1).max(365),
  fallback: 30,
};

const WAYS = ['electronic', 'post', 'person', 'left', 'announcement'] as const;
const WAY_WORDS = {
  electronic: { zh: '电子送达', en: 'Electronic' },
  post: { zh: '邮寄送达', en: 'By post' },
  person: { zh: '直接送达', en: 'In person' },
  left: { zh: '留置送达', en: 'Left at the place' },
  announcement: { zh: '公告送达', en: 'By announcement' },
};

/**
 * The article of the Civil Procedure Law (2023) that each way follows, to which the laws on licensing and penalties
 * refer.
 */
export const BASIS: Setting<Record<(typeof WAYS)[number], string>> = {
  key: 'service.basis',
  title: { zh: '送达方式的依据', en: 'Legal basis of service' },
  help: {
    zh: '送达回证上写明的依据；默认用《中华人民共和国民事诉讼法》（2023年修正）',
    en: 'What the proof of service names for each way; by default the Civil Procedure Law of 2023',
  },
  words: WAY_WORDS,
  schema: z.record(z.enum(WAYS), z.string().trim().min(1).max(200)),
  fallback: {
    electronic: '《中华人民共和国民事诉讼法》第九十条',
    post: '《中华人民共和国民事诉讼法》第九十一条',
    person: '《中华人民共和国民事诉讼法》第八十八条',
    left: '《中华人民共和国民事诉讼法》第八十九条',
    announcement: '《中华人民共和国民事诉讼法》第九十五条',
  },
};

export const serviceSettings: Setting[] = [DEEMED_AFTER, ANNOUNCED_AFTER, BASIS];
