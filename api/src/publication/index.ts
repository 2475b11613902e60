/** Publication 公示公告: what cases make public, the lists that everybody reads, taking back. */
import type { PublicationList } from '../../../contracts/flow.ts';
import type { Audit } from '../audit/index.ts';
import { openPublicDatabase, type AnyRoute, type Core } from '../core/index.ts';
import { createPublicationService, type Publications } from './publication.service.ts';
import { publicRoutes } from './public.routes.ts';
import { staffRoutes } from './staff.routes.ts';

export type { NewPublication, PublicationPlace, Publications } from './publication.service.ts';

export interface PublicationDeps {
  audit: Pick<Audit, 'write'>;
  /** All of `workflows/shared/lists.json`. */
  lists: PublicationList[];
  /** URL of the database as role app_run, a member of app_public. */
  databaseUrl: string;
}

export function createPublication(
  core: Core,
  { audit, lists, databaseUrl }: PublicationDeps,
): { publications: Publications; routes: AnyRoute[]; close(): Promise<void> } {
  const publications = createPublicationService(core, { audit, lists });
  const database = openPublicDatabase(databaseUrl);
  return {
    publications,
    routes: [...publicRoutes(core, { database, lists }), ...staffRoutes(core, { publications, lists })],
    close: () => database.close(),
  };
}
