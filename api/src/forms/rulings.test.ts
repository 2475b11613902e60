import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Row } from '../../../contracts/api/index.ts';
import { openApplication, type Application } from './application.testing.ts';

describe('rulings on rows', function () {
  this.timeout(60_000);
  let world: Application;
  before(async () => {
    world = await openApplication();
  });
  after(() => world.close());

  const review = (owner: string) => `/forms/${owner}/technical-review`;
  const rulings = (owner: string) => `${review(owner)}/tables/capabilityRulings`;

  it('decide every row of the application: 3 refused of 300, the rest at once [CMA-4.1]', async () => {
    const owner = await world.draft();
    await world.put(owner, 300);
    world.access.set(`${owner}/technical-review`, {
      mode: 'edit',
      open: 'all',
      release: world.release,
      step: 'technicalReview',
    });
    const list = async (query = '') => (await world.call('GET', `${rulings(owner)}/rows${query}`)).body;
    const first = await list('?limit=3');
    assert.deepEqual([first.total, first.rows[0].of?.parameter, first.rows[0].data], [300, '参数0', {}]);
    assert.equal((await world.call('GET', review(owner))).body.tables.capabilityRulings.problems, 300);
    const all = await world.call('POST', `${rulings(owner)}/bulk`, { rows: 'all', set: { outcome: 'approved' } });
    assert.equal(all.body.changed, 300);
    for (const row of first.rows)
      await world.call('PUT', `${rulings(owner)}/rows/${row.id}`, { data: { outcome: 'notApproved' } });
    const open = await list('?only=problems');
    assert.deepEqual(
      open.rows.map((row: Row) => row.findings[0].path.split('/').at(-1)),
      ['reason', 'reason', 'reason'],
    );
    await world.call('POST', `${rulings(owner)}/bulk`, {
      rows: first.rows.map((row: Row) => row.id),
      set: { reason: '设备不具备', clause: '2.11.1' },
    });
    assert.equal((await list('?only=problems')).total, 0);
    const said = await world.forms.rows(owner, 'technical-review', 'capabilityRulings');
    assert.equal(said.filter((row) => row.data.outcome === 'notApproved').length, 3);
    assert.equal((await list('?q=参数299')).total, 1);
    assert.equal((await world.call('POST', `${rulings(owner)}/rows`, { data: {} })).body.code, 'locked');
    const wrong = await world.call('PUT', `${rulings(owner)}/rows/${randomUUID()}`, {
      data: { outcome: 'approved' },
    });
    assert.equal(wrong.status, 404);
  }).timeout(20_000);

  it('let rules read the rows and the answer that is being given', async () => {
    const owner = await world.draft();
    world.access.set(`${owner}/technical-review`, { mode: 'edit', open: 'all', release: world.release });
    const codes = async (outcome?: string) =>
      (await world.forms.check(owner, 'technical-review', 'technicalReview', outcome)).map((f) => f.code);
    const member = (role: string) =>
      world.call('POST', `${review(owner)}/tables/team/rows`, { data: { name: '甲', role } });
    await member('leader');
    assert.equal((await codes()).includes('one-leader'), false);
    await member('leader');
    assert.equal((await codes()).includes('one-leader'), true);
    await world.call('PATCH', review(owner), { edits: 0, set: { mode: 'document' } });
    assert.equal((await codes()).includes('document-conclusion'), false);
    assert.equal((await codes('basicallyConform')).includes('document-conclusion'), true);
  });
});
