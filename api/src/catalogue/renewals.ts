/** Which certificates are to be renewed: those that run out within the window of a flow that renews them. */
import type { Renewal } from '../../../contracts/api/index.ts';
import { dayNumber, dayText } from '../../../contracts/days.ts';
import type { FlowJson } from '../../../contracts/flow.ts';
import { daysBefore, parseLimit } from '../../../contracts/limits.ts';
import type { CertificateRow } from '../certificates/index.ts';
import { startCertificate } from './certificate.ts';

type Renewing = Pick<FlowJson, 'id' | 'title' | 'certificate'>;
type Renewed = Pick<CertificateRow, 'id' | 'number' | 'institution_id' | 'valid_to' | 'holder_name' | 'data'>;

/** Null where the flow renews nothing, or the window has not begun. `today`: `2026-11-21`. */
export function renewalOf(flow: Renewing, certificate: Renewed, today: string): Renewal | null {
  const renews = flow.certificate?.renews;
  if (!renews) return null;
  const last = dayNumber(certificate.valid_to);
  const before = (limit: string) => last - daysBefore(parseLimit(limit), last);
  if (dayNumber(today) < before(renews.window)) return null;
  return {
    certificate: {
      ...startCertificate(certificate),
      kindTitle: certificate.data.kindTitle,
      holder: certificate.holder_name,
    },
    left: last - dayNumber(today),
    applyBy: renews.until ? dayText(before(renews.until)) : null,
    flow: flow.id,
    flowTitle: flow.title.zh,
  };
}
