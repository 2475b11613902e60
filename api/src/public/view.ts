import type { PublicCertificate } from '../../../contracts/api/index.ts';
import { stateOf, type CertificateState } from '../certificates/index.ts';
import { shanghaiDay } from '../core/index.ts';
import type { PublishedCertificate, PublishedEvent } from './repository.ts';

interface Text {
  zh: string;
  en: string;
}

const STATES: Record<CertificateState, Text> = {
  valid: { zh: '有效', en: 'Valid' },
  suspended: { zh: '已暂停', en: 'Suspended' },
  superseded: { zh: '已由新版代替', en: 'Superseded' },
  expired: { zh: '已过期', en: 'Expired' },
  revoked: { zh: '已撤销', en: 'Revoked' },
  forfeited: { zh: '已吊销', en: 'Forfeited' },
  recalled: { zh: '已撤回', en: 'Recalled' },
  cancelled: { zh: '已注销', en: 'Cancelled' },
};

const EVENTS: Record<string, Text> = {
  issued: { zh: '颁发', en: 'Issued' },
  superseded: { zh: '由新版代替', en: 'Superseded' },
  suspended: { zh: '暂停', en: 'Suspended' },
  resumed: { zh: '恢复', en: 'Resumed' },
  revoked: { zh: '撤销', en: 'Revoked' },
  forfeited: { zh: '吊销', en: 'Forfeited' },
  recalled: { zh: '撤回', en: 'Recalled' },
  cancelled: { zh: '注销', en: 'Cancelled' },
};

/** What the page shows at a moment; `last` is the last version of the same certificate. */
export function publicView(
  { data, annexes, digest, ...row }: PublishedCertificate,
  last: PublishedCertificate,
  events: PublishedEvent[],
  now: Date,
): PublicCertificate {
  const state = stateOf(row, shanghaiDay(now));
  const { number, version, kind, kindTitle, holder, authority, issuedOn, validFrom, validTo } = data;
  return {
    number,
    version,
    kind,
    kindTitle,
    holder,
    authority,
    issuedOn,
    validFrom,
    validTo,
    state,
    stateTitle: STATES[state],
    current:
      last.version === version
        ? null
        : { version: last.version, href: `/v/${last.number}/${last.version}/${last.token}` },
    history: events.map(({ at, ...event }) => ({
      ...event,
      ...(EVENTS[event.kind] ?? { zh: event.kind, en: event.kind }),
      at: at.toISOString(),
    })),
    annexes,
    digest,
    checkedAt: now.toISOString(),
  };
}
