/** Electronic files 电子档案: what a case leaves with its subject, listed with hashes when it is archived. */
import type { AnyRoute, Core } from '../core/index.ts';
import { archiveRoutes, type ArchiveRouteDeps } from './archive.routes.ts';
import { createArchiveService, type Archive } from './archive.service.ts';

export type { Archive } from './archive.service.ts';

export function createArchive(core: Core, deps: ArchiveRouteDeps): Archive & { routes: AnyRoute[] } {
  return { ...createArchiveService(core), routes: archiveRoutes(core, deps) };
}
