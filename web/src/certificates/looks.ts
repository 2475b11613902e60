import type { CertificateState } from '../../../contracts/certificate-life.ts';
import type { IconName } from '../shell/icons.ts';

/** How a certificate's state looks wherever it is shown. */
export const LOOKS: Record<CertificateState, { colour: string; icon: IconName }> = {
  valid: { colour: 'ok', icon: 'check' },
  suspended: { colour: 'soon', icon: 'pause' },
  superseded: { colour: 'void', icon: 'history' },
  expired: { colour: 'soon', icon: 'clock' },
  revoked: { colour: 'over', icon: 'x' },
  forfeited: { colour: 'over', icon: 'x' },
  recalled: { colour: 'void', icon: 'undo' },
  cancelled: { colour: 'void', icon: 'minus' },
};

const EVENTS: Record<string, string> = {
  issued: 'ok',
  extended: 'ok',
  resumed: 'ok',
  suspended: 'soon',
  revoked: 'over',
  forfeited: 'over',
};

/** Colour of an event of the certificate; what takes it away as a penalty or for a defect is red. */
export const colourOfEvent = (kind: string): string => EVENTS[kind] ?? 'void';
