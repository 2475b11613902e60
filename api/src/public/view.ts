import type { PublicCertificate } from '../../../contracts/api/index.ts';
import { EVENT_TITLES, STATE_TITLES } from '../../../contracts/certificate-life.ts';
import { stateOf } from '../certificates/index.ts';
import { shanghaiDay } from '../core/index.ts';
import type { PublishedCertificate, PublishedEvent, PublishedVersion } from './repository.ts';

/** What the page shows at a moment; `versions` are those of the same certificate, newest first. */
export function publicView(
  { data, annexes, digest, ...row }: PublishedCertificate,
  versions: PublishedVersion[],
  events: PublishedEvent[],
  now: Date,
): PublicCertificate {
  const today = shanghaiDay(now);
  const state = stateOf(row, today);
  const last = versions[0];
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
    stateTitle: STATE_TITLES[state],
    suspendedUntil: state === 'suspended' ? row.suspended_until : null,
    current: !last || last.version === version ? null : { version: last.version, href: hrefOf(last) },
    history: events.map(({ at, ...event }) => ({
      ...event,
      ...(EVENT_TITLES[event.kind] ?? { zh: event.kind, en: event.kind }),
      at: at.toISOString(),
    })),
    versions: versions.map((one) => {
      const stateNow = stateOf(one, today);
      return {
        version: one.version,
        state: stateNow,
        stateTitle: STATE_TITLES[stateNow],
        issuedOn: one.issued_on,
        digest: one.digest,
        href: hrefOf(one),
      };
    }),
    annexes,
    digest,
    checkedAt: now.toISOString(),
  };
}

const hrefOf = ({ number, version, token }: PublishedVersion): string => `/v/${number}/${version}/${token}`;
