import type { Knex } from 'knex';
import { z } from 'zod';
import {
  AccountBody,
  DivisionList,
  GrantBody,
  GrantList,
  Made,
  OfficeBody,
  OfficeChange,
  OfficeList,
  OfficeSeen,
  OfficeRow,
  PersonBody,
  PersonChange,
  PersonPage,
  PersonView,
  RepresentBody,
  RoleList,
} from '../../../contracts/api/index.ts';
import type { Actor } from '../audit/index.ts';
import { defineRoute, notFound, type AnyRoute, type Core, type Rights, type Who } from '../core/index.ts';
import type { Accounts } from '../identity/index.ts';
import type { Grants } from './grants.ts';
import type { createLists } from './lists.ts';
import type { Offices } from './offices.ts';
import type { People } from './people.ts';
import { reachOf } from './reach.ts';

export interface OrganisationRoutesDeps {
  accounts: Accounts;
  lists: ReturnType<typeof createLists>;
  services: Offices & People & Grants;
}

const rights: Rights = { kind: 'role', roles: ['admin'] };
const OfPerson = z.object({ person: z.uuid() });
const Done = z.object({});

export function organisationRoutes(
  core: Pick<Core, 'db' | 'settings'>,
  { accounts, lists, services }: OrganisationRoutesDeps,
): AnyRoute[] {
  const reach = (who: Who) => reachOf(who, core.settings.rootOffice);

  /** Changes something about a person whom the caller administers, with every role that the person holds. */
  const changing = async <T>(
    who: Who,
    personId: string,
    change: (trx: Knex.Transaction, by: Actor) => Promise<T>,
  ): Promise<T> =>
    core.db.transaction(async (trx) => {
      const person = await trx('person').where({ id: personId }).forUpdate().first('office');
      if (!person) throw notFound();
      const held = await trx('role_grant').where({ person_id: personId }).whereNull('ended_at');
      for (const { office, reach: width } of held) reach(who).check(office, width);
      return change(trx, reach(who).checkPerson(person));
    });

  const viewed = async (who: Who, personId: string): Promise<PersonView> => {
    const person = await lists.person(personId);
    if (!person) throw notFound();
    reach(who).checkPerson(person);
    return person;
  };

  return [
    defineRoute({
      method: 'get',
      path: '/divisions',
      title: { zh: '行政区划', en: 'Divisions' },
      rights: { kind: 'signed-in' },
      query: z.object({ parent: z.string().length(6).optional() }),
      answer: DivisionList,
      handle: async ({ query }) => ({ rows: await lists.divisions(query.parent ?? null) }),
    }),
    defineRoute({
      method: 'get',
      path: '/roles',
      title: { zh: '角色', en: 'Roles' },
      rights,
      answer: RoleList,
      handle: async () => ({ rows: await lists.roles() }),
    }),
    defineRoute({
      method: 'get',
      path: '/offices',
      title: { zh: '机关', en: 'Offices' },
      rights,
      query: z.object({
        q: z.string().max(100).optional(),
        after: z.string().max(9).optional(),
        /** Without those that were ended. */
        open: z.stringbool().optional(),
      }),
      answer: OfficeList,
      handle: ({ who, query }) => lists.offices(reach(who), query),
    }),
    defineRoute({
      method: 'post',
      path: '/offices',
      title: { zh: '设立机关', en: 'Create an office' },
      rights,
      body: OfficeBody,
      answer: OfficeRow,
      status: 201,
      async handle({ who, body }) {
        const by = reach(who).check(body.code);
        await core.db.transaction((trx) => services.createOffice(trx, body, by));
        return found(await services.office(body.code));
      },
    }),
    defineRoute({
      method: 'patch',
      path: '/offices/:office',
      title: { zh: '修改机关', en: 'Change an office' },
      rights,
      params: z.object({ office: z.string().max(9) }),
      body: OfficeChange,
      answer: OfficeRow,
      async handle({ who, params, body }) {
        const by = reach(who).check(params.office);
        await core.db.transaction((trx) => services.changeOffice(trx, params.office, body, by));
        return found(await services.office(params.office));
      },
    }),
    defineRoute({
      method: 'post',
      path: '/offices/:office/end',
      title: { zh: '撤销机关', en: 'Do away with an office' },
      rights,
      params: z.object({ office: z.string().max(9) }),
      body: OfficeSeen,
      answer: Done,
      async handle({ who, params: { office }, body: { version } }) {
        const by = reach(who).check(office);
        await core.db.transaction((trx) => services.endOffice(trx, office, version, by));
        return {};
      },
    }),
    defineRoute({
      method: 'post',
      path: '/offices/:office/reopen',
      title: { zh: '恢复机关', en: 'Open an office again' },
      rights,
      params: z.object({ office: z.string().max(9) }),
      body: OfficeSeen,
      answer: OfficeRow,
      async handle({ who, params: { office }, body: { version } }) {
        const by = reach(who).check(office);
        await core.db.transaction((trx) => services.reopenOffice(trx, office, version, by));
        return found(await services.office(office));
      },
    }),
    defineRoute({
      method: 'get',
      path: '/people',
      title: { zh: '人员', en: 'People' },
      rights,
      query: z.object({
        q: z.string().max(100).optional(),
        office: z.string().max(9).optional(),
        after: z.uuid().optional(),
      }),
      answer: PersonPage,
      handle: ({ who, query }) => lists.people(reach(who), query),
    }),
    defineRoute({
      method: 'post',
      path: '/people',
      title: { zh: '登记人员', en: 'Register a person' },
      rights,
      body: PersonBody,
      answer: Made,
      status: 201,
      async handle({ who, body }) {
        const by = reach(who).checkPerson({ office: body.office ?? null });
        return { id: await core.db.transaction((trx) => services.createPerson(trx, body, by)) };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/people/:person',
      title: { zh: '一位人员', en: 'A person' },
      rights,
      params: OfPerson,
      answer: PersonView,
      handle: ({ who, params }) => viewed(who, params.person),
    }),
    defineRoute({
      method: 'patch',
      path: '/people/:person',
      title: { zh: '修改人员', en: 'Change a person' },
      rights,
      params: OfPerson,
      body: PersonChange,
      answer: PersonView,
      async handle({ who, params, body }) {
        await changing(who, params.person, (trx, by) => {
          if (body.office !== undefined) reach(who).check(body.office);
          return services.changePerson(trx, params.person, body, by);
        });
        return viewed(who, params.person);
      },
    }),
    defineRoute({
      method: 'post',
      path: '/people/:person/end',
      title: { zh: '人员离开', en: 'A person leaves' },
      rights,
      params: OfPerson,
      answer: Done,
      async handle({ who, params }) {
        await changing(who, params.person, (trx, by) => services.endPerson(trx, params.person, by));
        return {};
      },
    }),
    defineRoute({
      method: 'post',
      path: '/people/:person/accounts',
      title: { zh: '开通账号', en: 'Open an account' },
      rights,
      params: OfPerson,
      body: AccountBody,
      answer: Done,
      status: 201,
      async handle({ who, params, body }) {
        await changing(who, params.person, (trx, by) => accounts.create(trx, { ...body, personId: params.person }, by));
        return {};
      },
    }),
    defineRoute({
      method: 'put',
      path: '/people/:person/password',
      title: { zh: '重设密码', en: 'Set a new password' },
      rights,
      params: OfPerson,
      body: AccountBody,
      answer: Done,
      async handle({ who, params, body }) {
        await changing(who, params.person, (trx, by) =>
          accounts.setPassword(trx, { ...body, personId: params.person }, by),
        );
        return {};
      },
    }),
    defineRoute({
      method: 'get',
      path: '/people/:person/grants',
      title: { zh: '人员的角色', en: 'Roles of a person' },
      rights,
      params: OfPerson,
      answer: GrantList,
      handle: async ({ who, params }) => ({ rows: (await viewed(who, params.person)).grants }),
    }),
    defineRoute({
      method: 'post',
      path: '/people/:person/grants',
      title: { zh: '授予角色', en: 'Grant a role' },
      rights,
      params: OfPerson,
      body: GrantBody,
      answer: Made,
      status: 201,
      async handle({ who, params, body }) {
        const id = await changing(who, params.person, (trx, by) => {
          reach(who).check(body.office, body.reach);
          return services.grant(trx, { ...body, personId: params.person }, by);
        });
        return { id };
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/people/:person/grants/:grant',
      title: { zh: '收回角色', en: 'End a grant' },
      rights,
      params: OfPerson.extend({ grant: z.uuid() }),
      answer: Done,
      async handle({ who, params }) {
        await changing(who, params.person, (trx, by) =>
          services.endGrant(trx, { id: params.grant, personId: params.person }, by),
        );
        return {};
      },
    }),
    defineRoute({
      method: 'post',
      path: '/people/:person/representations',
      title: { zh: '确认代表机构或企业', en: 'Let a person act for an institution or enterprise' },
      rights,
      params: OfPerson,
      body: RepresentBody,
      answer: Done,
      status: 201,
      async handle({ who, params, body }) {
        await changing(who, params.person, (trx, by) =>
          services.represent(trx, { personId: params.person, ...body }, by),
        );
        return {};
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/people/:person/representations/:register/:entry',
      title: { zh: '结束代表机构或企业', en: 'End acting for an institution or enterprise' },
      rights,
      params: OfPerson.extend({ register: z.string().max(60), entry: z.uuid() }),
      answer: Done,
      async handle({ who, params: { person, register, entry } }) {
        await changing(who, person, (trx, by) =>
          services.endRepresentation(trx, { personId: person, register, entry }, by),
        );
        return {};
      },
    }),
  ];
}

function found<T>(thing: T | null): T {
  if (!thing) throw notFound();
  return thing;
}
