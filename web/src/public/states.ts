import type { PublicCertificate } from '../../../contracts/api/index.ts';
import type { IconName } from '../shell/icons.ts';

/** How a certificate's state looks: its colour is the only large colour of the page. */
export const LOOKS: Record<PublicCertificate['state'], { colour: string; icon: IconName }> = {
  valid: { colour: 'ok', icon: 'check' },
  suspended: { colour: 'soon', icon: 'pause' },
  superseded: { colour: 'void', icon: 'history' },
  expired: { colour: 'void', icon: 'clock' },
  revoked: { colour: 'over', icon: 'x' },
  forfeited: { colour: 'over', icon: 'x' },
  recalled: { colour: 'over', icon: 'x' },
  cancelled: { colour: 'void', icon: 'minus' },
};

const EVENTS: Record<string, string> = {
  issued: 'ok',
  resumed: 'ok',
  suspended: 'soon',
  superseded: 'void',
  cancelled: 'void',
};

/** Colour of an event of the certificate; what takes it away for good is red. */
export const colourOfEvent = (kind: string): string => EVENTS[kind] ?? 'over';

export interface Suspension {
  from: string;
  to: string;
}

/** Suspensions that are over, oldest first. */
export function pastSuspensions(history: PublicCertificate['history']): Suspension[] {
  const found: Suspension[] = [];
  let from: string | null = null;
  for (const event of [...history].sort((a, b) => (a.at < b.at ? -1 : 1))) {
    if (event.kind === 'suspended') from = event.at;
    if (event.kind !== 'resumed' || from === null) continue;
    found.push({ from, to: event.at });
    from = null;
  }
  return found;
}
