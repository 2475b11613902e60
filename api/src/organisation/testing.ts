/** For tests: the organisation behind the real door, with an administrator of the province. */
import type { AnyRoute } from '../core/index.ts';
import { openTestCore, type TestCore } from '../core/testing.ts';
import { createAudit, type Audit } from '../audit/index.ts';
import { createIdentity, type Identity } from '../identity/index.ts';
import { openTestSite, type Browser, type TestSite } from '../identity/testing.ts';
import { createGiveBack } from '../tasks/index.ts';
import { createOrganisation, type Organisation } from './index.ts';

export const PASSWORD = 'Guizhou-2026-test';
const ROLES = [
  { id: 'admin', zh: '系统管理员', en: 'Administrator' },
  { id: 'operator', zh: '运维人员', en: 'Operator' },
  { id: 'cma.acceptance', zh: '资质认定受理岗', en: 'CMA acceptance' },
];

export interface TestOrganisation {
  core: TestCore;
  audit: Audit;
  identity: Identity;
  organisation: Organisation;
  site: TestSite;
  /** Registers somebody with an account `login`, grants what is asked and answers the id. */
  person(
    login: string,
    o?: { office?: string | null; grants?: [role: string, office: string, reach: 'own' | 'tree'][] },
  ): Promise<string>;
  signIn(login: string): Promise<Browser>;
  close(): Promise<void>;
}

/** Offices 52 (province), 5201 and 5203 (cities), 520102 (county); person `root` is administrator of all. */
export async function openTestOrganisation(
  more: (parts: { core: TestCore; audit: Audit }) => AnyRoute[] = () => [],
): Promise<TestOrganisation> {
  const core = await openTestCore();
  const audit = createAudit(core);
  const identity = createIdentity(core, {
    databaseUrl: core.database.runUrl,
    audit,
    calendar: { isWorkingDay: (day) => Promise.resolve(day < '2027' ? true : { unknown: 'calendar 2027' }) },
  });
  const organisation = createOrganisation(core, {
    audit,
    rightsEnded: createGiveBack({ audit }),
    accounts: identity.accounts,
    roles: ROLES,
  });
  await organisation.start();
  const by = { personId: null };
  for (const [code, name] of Object.entries({ 52: '省局', 5201: '贵阳市局', 5203: '遵义市局', 520102: '南明区局' }))
    await core.db.transaction((trx) =>
      organisation.createOffice(trx, { code, name, shortName: name, profile: {} }, by),
    );
  const site = await openTestSite(core, identity, [...organisation.routes, ...more({ core, audit })]);

  const person: TestOrganisation['person'] = (login, { office = '52', grants = [] } = {}) =>
    core.db.transaction(async (trx) => {
      const account = { login, password: PASSWORD };
      const kind = office === null ? 'applicant' : 'staff';
      const body = { name: `${login}氏`, kind, ...(office && { office }), account } as const;
      const personId = await organisation.createPerson(trx, body, by);
      for (const [role, at, reach] of grants)
        await organisation.grant(trx, { personId, role, office: at, reach, mayTake: false }, by);
      return personId;
    });
  await person('root', { grants: [['admin', '52', 'tree']] });

  return {
    core,
    audit,
    identity,
    organisation,
    site,
    person,
    signIn: (login) => site.signedIn({ login, password: PASSWORD }),
    async close() {
      await site.close();
      await core.close();
    },
  };
}
