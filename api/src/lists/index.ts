/** Lists of cases that concern a person without waiting for them. */
import type { AnyRoute, Core, Who } from '../core/index.ts';
import type { CaseOfRights } from '../rights/index.ts';
import { listRoutes } from './lists.routes.ts';
import { createCaseLists, type ListsDeps } from './lists.ts';
import { watchRoutes } from './watch.ts';

export function createListRoutes(
  core: Core,
  deps: ListsDeps & { mayRead(who: Who, row: CaseOfRights): Promise<boolean> },
): AnyRoute[] {
  return [...listRoutes(core, createCaseLists(core, deps)), ...watchRoutes(core, deps)];
}
