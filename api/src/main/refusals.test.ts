import assert from 'node:assert/strict';
import { z } from 'zod';
import { defineRoute, type AnyRoute } from '../core/index.ts';
import { createMessages } from '../messages/index.ts';
import { openTestOrganisation, type TestOrganisation } from '../organisation/testing.ts';
import { refusals, type RefusalWorld } from './refusals.ts';

/** Forgets to look whose thing it is. */
const leaky = defineRoute({
  method: 'post',
  path: '/leaky/:person',
  title: { zh: '', en: '' },
  rights: { kind: 'object' },
  params: z.object({ person: z.uuid() }),
  body: z.object({ reason: z.string().min(3), at: z.iso.datetime() }),
  answer: z.object({}),
  handle: () => Promise.resolve({}),
});

describe('refusals', function () {
  this.timeout(20_000);
  let world: TestOrganisation;
  let routes: AnyRoute[];
  let known: RefusalWorld;
  before(async () => {
    let messages: AnyRoute[] = [];
    world = await openTestOrganisation(({ core }) => {
      messages = createMessages(core).routes;
      return [...messages, leaky];
    });
    routes = [...world.identity.routes, ...world.organisation.routes, ...messages];
    const { db } = world.core;
    const person = await world.person('owner', { office: '520102', grants: [['operator', '520102', 'own']] });
    const grant = await db('role_grant').where({ person_id: person }).first('id');
    const message = { person_id: person, kind: 'test', title: '', body: '', at: new Date() };
    const [{ id }] = await db('message').insert(message).returning('id');
    await world.person('roleless', { office: '5203' });
    const all = ['admin', 'operator', 'cma.acceptance'] as const;
    await world.person('elsewhere', { office: '5203', grants: all.map((role) => [role, '5203', 'tree']) });
    await world.person('applicant', { office: null });
    const browsers = await Promise.all(['roleless', 'elsewhere', 'applicant'].map(world.signIn));
    const [roleless, elsewhere, applicant] = browsers.map((browser) => browser.send.bind(browser));
    known = {
      params: { person, grant: grant.id, message: id, office: '520102', register: 'institution', entry: person },
      common: ['year'],
      bodies: { 'post /offices': { code: '520103', name: '某局', shortName: '某局' } },
      strangers: {
        nobody: (...sent) => world.site.browser().send(...sent),
        roleless: roleless!,
        elsewhere: elsewhere!,
        applicant: applicant!,
      },
    };
  });
  after(() => world.close());

  it('every route of identity, organisation and messages refuses strangers [PLT-7.3]', async () => {
    assert.deepEqual(await refusals(routes, known), []);
  });

  it('finds a route that lets strangers in, and one that it cannot try [PLT-7.3]', async () => {
    assert.deepEqual(await refusals([leaky], known), [
      'roleless post /leaky/:person → 200',
      'elsewhere post /leaky/:person → 200',
      'applicant post /leaky/:person → 200',
    ]);
    assert.deepEqual(await refusals([leaky], { ...known, params: {} }), ['post /leaky/:person: no value for person']);
  });
});
