/** Certificates: number, data with approved rows only, PDF, life. What was issued is never written over. */
import type { AnyRoute, Core } from '../core/index.ts';
import { createCard } from './card.ts';
import { createCertificateChanges, type CertificateChanges, type ChangeDeps } from './changes.service.ts';
import { certificateRoutes, type CertificateRouteDeps } from './certificates.routes.ts';
import { createCertificateService, type CertificateDeps, type Certificates } from './certificates.service.ts';

export type { CertificateRow } from './certificates.repository.ts';
export {
  stateOf,
  validUntil,
  type CertificateDeps,
  type CertificateOf,
  type Certificates,
  type MadeCertificate,
  type ReservedCertificate,
} from './certificates.service.ts';
export { FOUR_EYES, type CertificateChanges } from './changes.service.ts';
export { CertificateLayout } from './layout.ts';

export async function createCertificates(core: Core, deps: CertificateDeps): Promise<Certificates> {
  return createCertificateService(core, deps);
}

/** Life of certificates after their issue: changes by cases and from the card. */
export function createCertificateLife(
  core: Core,
  deps: ChangeDeps & Omit<CertificateRouteDeps, 'changes' | 'card'>,
): { changes: CertificateChanges; routes: AnyRoute[] } {
  const changes = createCertificateChanges(core, deps);
  const card = createCard(core, changes);
  return { changes, routes: certificateRoutes(core, { ...deps, changes, card }) };
}
export { renderCertificate } from './render.ts';
export { A4, createRuler, INK, line, lines, registerFonts } from './print/paper.ts';
export { drawQrCode } from './print/marks.ts';
