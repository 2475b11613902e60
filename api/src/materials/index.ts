/** Materials that applicants upload, and the files that are handed out by id. */
import type { AnyRoute, Core } from '../core/index.ts';
import type { Uploads } from '../files/index.ts';
import type { Previews } from '../previews/index.ts';
import type { FormSessions } from '../forms/index.ts';
import { materialsRoutes } from './materials.routes.ts';
import { createMaterialsService, type Materials } from './materials.service.ts';

export type { KeptFile, Materials } from './materials.service.ts';

export function createMaterials(
  core: Core,
  { sessions, uploads, previews }: { sessions: FormSessions; uploads: Uploads; previews: Pick<Previews, 'of' | 'pdf'> },
): Materials & { routes: AnyRoute[] } {
  const materials = createMaterialsService(core, sessions);
  return { ...materials, routes: materialsRoutes(core, { sessions, uploads, previews, materials }) };
}
