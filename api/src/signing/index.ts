/** Signing by hand: on a screen, by picture, through a link or a QR code. */
import type { AnyRoute, Core } from '../core/index.ts';
import { signingRoutes } from './signing.routes.ts';
import { createSigningService, type SigningDeps } from './signing.service.ts';

export type { SigningDeps };

export function createSigning(core: Core, deps: SigningDeps): { routes: AnyRoute[] } {
  return { routes: signingRoutes(createSigningService(core, deps)) };
}
