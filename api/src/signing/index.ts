/** Signing by hand: on a screen, by picture, through a link or a QR code; asked for by officers and by flows. */
import type { AnyRoute, Core } from '../core/index.ts';
import { signingRoutes } from './signing.routes.ts';
import { createSigningService, type Signing, type SigningDeps } from './signing.service.ts';

export type { Recipient } from './rows.ts';
export { signingSettings } from './settings.ts';
export type { Signing, SigningDeps, SigningRequest } from './signing.service.ts';

export function createSigning(core: Core, deps: SigningDeps): Signing & { routes: AnyRoute[] } {
  const signing = createSigningService(core, deps);
  return { ...signing, routes: signingRoutes(signing) };
}
