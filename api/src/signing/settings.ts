/** Settings of signing by hand: how long links work. */
import { z } from 'zod';
import type { Setting } from '../core/index.ts';

export const LINK_MINUTES: Setting<number> = {
  key: 'signing.link-minutes',
  title: { zh: '签名链接的有效时间', en: 'How long a link to sign works' },
  help: { zh: '发起签名后链接和二维码几分钟内有效', en: 'Minutes for which the link and its QR code can be used' },
  unit: { zh: '分钟', en: 'minutes' },
  schema: z.int().min(5).max(10_080),
  fallback: 60,
};
export const SENT_LINK_HOURS: Setting<number> = {
  key: 'signing.sent-link-hours',
  title: { zh: '发给签名人的链接的有效时间', en: 'How long a link that was sent works' },
  help: {
    zh: '流程请人签名时，消息里的链接几小时内有效',
    en: 'Hours for which a link works that a flow sent by message',
  },
  unit: { zh: '小时', en: 'hours' },
  schema: z.int().min(1).max(720),
  fallback: 72,
};

export const signingSettings: Setting[] = [LINK_MINUTES, SENT_LINK_HOURS];
