/** Certificates: number, data with approved rows only, PDF, state. What was issued is never written over. */
import type { AnyRoute, Core, Who } from '../core/index.ts';
import type { CaseRow } from '../engine/index.ts';
import { certificateRoutes } from './certificates.routes.ts';
import { createCertificateService, type CertificateDeps, type Certificates } from './certificates.service.ts';

export type { CertificateRow } from './certificates.repository.ts';
export {
  stateOf,
  validUntil,
  type CertificateDeps,
  type CertificateOf,
  type Certificates,
  type CertificateState,
  type MadeCertificate,
  type ReservedCertificate,
} from './certificates.service.ts';
export { CertificateLayout } from './layout.ts';

export async function createCertificates(
  core: Core,
  deps: CertificateDeps & { mayReadCase(who: Who, row: CaseRow): Promise<boolean> },
): Promise<{ certificates: Certificates; routes: AnyRoute[] }> {
  return { certificates: await createCertificateService(core, deps), routes: certificateRoutes(core, deps) };
}
export { renderCertificate } from './render.ts';
