/** States of a certificate and the changes between them. The four endings differ by ground and article (RULES, names). */
import { z } from 'zod';

export const CertificateState = z.enum([
  'valid',
  'suspended',
  'superseded',
  'expired',
  'revoked',
  'forfeited',
  'recalled',
  'cancelled',
]);
export type CertificateState = z.infer<typeof CertificateState>;

export const CertificateChange = z.enum(['supersede', 'suspend', 'resume', 'revoke', 'forfeit', 'recall', 'cancel']);
export type CertificateChange = z.infer<typeof CertificateChange>;

interface Text {
  zh: string;
  en: string;
}

export const STATE_TITLES: Record<CertificateState, Text> = {
  valid: { zh: '有效', en: 'Valid' },
  suspended: { zh: '已暂停', en: 'Suspended' },
  superseded: { zh: '已由新版代替', en: 'Superseded' },
  expired: { zh: '已过期', en: 'Expired' },
  revoked: { zh: '已撤销', en: 'Revoked' },
  forfeited: { zh: '已吊销', en: 'Forfeited' },
  recalled: { zh: '已撤回', en: 'Recalled' },
  cancelled: { zh: '已注销', en: 'Cancelled' },
};

/** What happened to a certificate, by the kind of its event. */
export const EVENT_TITLES: Record<string, Text> = {
  issued: { zh: '颁发', en: 'Issued' },
  extended: { zh: '扩项换发', en: 'Extended' },
  superseded: { zh: '由新版代替', en: 'Superseded' },
  suspended: { zh: '暂停', en: 'Suspended' },
  resumed: { zh: '恢复', en: 'Resumed' },
  revoked: { zh: '撤销', en: 'Revoked' },
  forfeited: { zh: '吊销', en: 'Forfeited' },
  recalled: { zh: '撤回', en: 'Recalled' },
  cancelled: { zh: '注销', en: 'Cancelled' },
};

interface Rule {
  title: Text;
  /** States in which it may be done; expiry doesn't hinder what takes the grant itself away. */
  from: CertificateState[];
  to: Exclude<CertificateState, 'expired'>;
  /** Kind of the event, a key of `EVENT_TITLES`. */
  event: string;
}

export const CHANGES: Record<CertificateChange, Rule> = {
  supersede: {
    title: { zh: '替换', en: 'Supersede' },
    from: ['valid', 'suspended', 'expired'],
    to: 'superseded',
    event: 'superseded',
  },
  suspend: { title: { zh: '暂停', en: 'Suspend' }, from: ['valid'], to: 'suspended', event: 'suspended' },
  resume: { title: { zh: '恢复', en: 'Resume' }, from: ['suspended'], to: 'valid', event: 'resumed' },
  revoke: {
    title: { zh: '撤销', en: 'Revoke' },
    from: ['valid', 'suspended', 'expired'],
    to: 'revoked',
    event: 'revoked',
  },
  forfeit: { title: { zh: '吊销', en: 'Forfeit' }, from: ['valid', 'suspended'], to: 'forfeited', event: 'forfeited' },
  recall: { title: { zh: '撤回', en: 'Recall' }, from: ['valid', 'suspended'], to: 'recalled', event: 'recalled' },
  cancel: {
    title: { zh: '注销', en: 'Cancel' },
    from: ['valid', 'suspended', 'expired'],
    to: 'cancelled',
    event: 'cancelled',
  },
};

/**
 * The state on a day (`2026-11-21`): expiry and the end of a suspension are computed when read, nothing has to run at
 * midnight. The last day of each still counts.
 */
export function stateOn(
  row: { state: Exclude<CertificateState, 'expired'>; validTo: string; suspendedUntil: string | null },
  today: string,
): CertificateState {
  const { state, validTo, suspendedUntil } = row;
  if (state !== 'valid' && state !== 'suspended') return state;
  if (today > validTo) return 'expired';
  return suspendedUntil !== null && today > suspendedUntil ? 'valid' : state;
}
