import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Who } from '../core/index.ts';
import { openTestOrganisation, type TestOrganisation } from '../organisation/testing.ts';
import { createRights, matrix, type CaseOfRights, type Rights } from './index.ts';

describe('rights', function () {
  this.timeout(10_000);
  let world: TestOrganisation;
  let rights: Rights;
  /** Cases at the offices 52, 5201, 5203, 520102; the last one of the institution. */
  const cases = new Map<string, CaseOfRights>();
  const institution = randomUUID();
  const starter = randomUUID();

  before(async () => {
    world = await openTestOrganisation();
    rights = createRights(world.core);
    const { db } = world.core;
    const [{ id: release_id }] = await db('release')
      .insert({
        flow: 'f',
        version: 1,
        definition_id: '',
        deployment_id: '',
        hash: '',
        package: {},
        released_at: new Date(),
      })
      .returning('id');
    for (const office of ['52', '5201', '5203', '520102']) {
      const institution_id = office === '520102' ? institution : null;
      const row = { id: randomUUID(), office, starter, institution_id, flow: 'f', division: null };
      const rest = { number: office, title: '', subject_name: '', received_at: new Date(), release_id };
      await db('case').insert({ ...row, ...rest });
      cases.set(office, row);
    }
  });
  after(() => world.close());

  const staff = (...grants: [office: string, reach: 'own' | 'tree'][]): Who => ({
    personId: randomUUID(),
    name: '',
    login: '',
    kind: 'staff',
    grants: grants.map(([office, reach]) => ({ role: 'cma.acceptance', office, reach, mayTake: false })),
    institutions: [],
  });
  const applicant = (more: Partial<Who>): Who => ({ ...staff(), kind: 'applicant', ...more });

  /** Offices of the cases that somebody reads: by the list and one by one, which must agree. */
  async function readable(who: Who): Promise<string[]> {
    const listed = await world.core.db('case as c').modify(rights.caseScope(who)).orderBy('c.office').pluck('c.office');
    const single = [];
    for (const c of cases.values()) if (await rights.mayReadCase(who, c)) single.push(c.office);
    assert.deepEqual(listed, single.sort());
    return listed;
  }

  it('own reads the cases of the office, tree those below too, nothing reads nothing [PLT-7.1, PLT-7.3]', async () => {
    assert.deepEqual(await readable(staff(['5201', 'own'])), ['5201']);
    assert.deepEqual(await readable(staff(['5201', 'tree'])), ['5201', '520102']);
    assert.deepEqual(await readable(staff(['52', 'tree'])), ['52', '5201', '520102', '5203']);
    assert.deepEqual(await readable(staff(['5203', 'own'], ['520102', 'own'])), ['520102', '5203']);
    assert.deepEqual(await readable(staff()), []);
  });

  it('an applicant reads what was started in person or for the institution [PLT-7.3]', async () => {
    const institutions = [{ register: 'institution', id: institution, name: '', uscc: '' }];
    assert.deepEqual(await readable(applicant({ institutions })), ['520102']);
    assert.deepEqual(await readable(applicant({ personId: starter })), ['52', '5201', '520102', '5203']);
    assert.deepEqual(await readable(applicant({})), []);
  });

  it('whoever is offered an open task of a case may read it, until it has ended [PLT-7.3]', async () => {
    const { db } = world.core;
    const c = cases.get('520102')!;
    await db('task').insert({ id: 't1', case_id: c.id, step: 's' });
    await db('task_group').insert({ task_id: 't1', grp: 'cma.acceptance@5203' });
    assert.equal(await rights.mayReadCase(staff(['5203', 'own']), c), true);
    assert.equal(await rights.mayReadCase(staff(['52', 'own']), c), false);
    await db('task').where({ id: 't1' }).update({ ended_at: new Date() });
    assert.equal(await rights.mayReadCase(staff(['5203', 'own']), c), false);
  });

  it('registers show applicants their institutions and staff their divisions [PLT-7.1, PLT-10.1]', () => {
    const institutions = [{ register: 'institution', id: institution, name: '', uscc: '' }];
    assert.deepEqual(rights.registerScope(applicant({ institutions })), { kind: 'institutions', ids: [institution] });
    assert.deepEqual(rights.registerScope(staff(['5201', 'own'], ['5201', 'tree'], ['520102001', 'own'])), {
      kind: 'divisions',
      prefixes: ['5201', '520102'],
    });
    assert.deepEqual(rights.registerScope(staff()), { kind: 'divisions', prefixes: [] });
  });

  it('lists every route with who may call it [PLT-7.3]', () => {
    const rows = matrix(world.organisation.routes);
    assert.equal(rows.length, world.organisation.routes.length);
    const made = rows.find(({ method, path }) => method === 'post' && path === '/offices');
    assert.deepEqual(made?.rights, { kind: 'role', roles: ['admin'] });
  });
});
