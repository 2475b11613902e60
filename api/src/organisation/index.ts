/** Offices in a tree over divisions, people, the roles they hold where, and whom they act for. */
import type { AnyRoute, Core } from '../core/index.ts';
import type { Accounts } from '../identity/index.ts';
import { loadDivisions } from './divisions.ts';
import { createGrants, syncRoles, type Grants, type GrantsDeps, type Role } from './grants.ts';
import { createLists } from './lists.ts';
import { createOffices, type Offices } from './offices.ts';
import { organisationRoutes } from './organisation.routes.ts';
import { createPeople, type People } from './people.ts';

export type { Role } from './grants.ts';

export interface Organisation extends Offices, People, Grants {
  /** Brings divisions and roles in the database to what the product declares; at every start. */
  start(): Promise<void>;
  divisionName(code: string): Promise<string | null>;
  routes: AnyRoute[];
}

export interface OrganisationDeps extends GrantsDeps {
  accounts: Accounts;
  /** All of `workflows/shared/roles.json`. */
  roles: Role[];
}

export function createOrganisation(
  core: Pick<Core, 'db' | 'time' | 'settings'>,
  { audit, rightsEnded, accounts, roles }: OrganisationDeps,
): Organisation {
  const services = {
    ...createOffices(core, { audit }),
    ...createPeople(core, { audit, rightsEnded, accounts }),
    ...createGrants(core, { audit, rightsEnded }),
  };
  return {
    ...services,
    start: () =>
      core.db.transaction(async (trx) => {
        await trx.raw(`select pg_advisory_xact_lock(hashtext('organisation start'))`);
        await loadDivisions(trx);
        await syncRoles(trx, roles);
      }),
    divisionName: async (code) => (await core.db('division').where({ code }).first('name'))?.name ?? null,
    routes: organisationRoutes(core, { accounts, lists: createLists(core), services }),
  };
}
