/** Signing by hand: on a screen, by picture, through a link or a QR code. */
import type { AnyRoute, Core } from '../core/index.ts';
import { signingRoutes } from './signing.routes.ts';
import { createSigningService, LINK_MINUTES, type SigningDeps } from './signing.service.ts';

export { LINK_MINUTES, type SigningDeps };

export function createSigning(core: Core, deps: SigningDeps): { routes: AnyRoute[] } {
  return { routes: signingRoutes(createSigningService(core, deps)) };
}
