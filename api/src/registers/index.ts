/** Registers: tables of subjects with history, declared in a folder each; reading, writing, lists and routes are generic. */
import type { AnyRoute, Core, Who } from '../core/index.ts';
import type { Uploads } from '../files/index.ts';
import type { Scope } from '../rights/index.ts';
import { certificate } from './certificate/register.ts';
import { creditFile } from './credit-file/register.ts';
import { createRegisterDrafts } from './drafts.ts';
import { draftRoutes } from './drafts.routes.ts';
import { enterprise } from './enterprise/register.ts';
import { institution } from './institution/register.ts';
import { registerRoutes } from './registers.routes.ts';
import { createRegisterService, type RegisterService } from './registers.service.ts';
import { createRegisterSearch, isWithin, type RegisterSearch } from './search.ts';

export type { RegisterChild, RegisterDeclaration, RegisterField } from './register.ts';
export type { HistoryEntry, RegisterItem, RegisterRow, RegisterService, RegisterWrite } from './registers.service.ts';

export type { RegisterSearch } from './search.ts';

export interface Registers extends RegisterService {
  /** Whether this person sees an entry of a register. */
  visible(who: Who, register: string, id: string): Promise<boolean>;
  search: RegisterSearch;
  routes: AnyRoute[];
}

export function createRegisters(core: Core, deps: { registerScope: (who: Who) => Scope; uploads: Uploads }): Registers {
  const service = createRegisterService(core, [institution, enterprise, certificate, creditFile]);
  const drafts = createRegisterDrafts(core, service);
  return {
    ...service,
    visible: (who, register, id) => isWithin(core, service.declaration(register), deps.registerScope(who), id),
    search: createRegisterSearch(core, service, deps.registerScope),
    routes: [
      ...registerRoutes(core, service, { ...deps, mayEdit: drafts.mayEdit }),
      ...draftRoutes(deps.uploads, drafts),
    ],
  };
}
