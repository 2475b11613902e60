import assert from 'node:assert/strict';
import { createIncidents } from '../engine/index.ts';
import type { Browser } from '../identity/testing.ts';
import { openTestOrganisation, type TestOrganisation } from '../organisation/testing.ts';
import { createCalendar } from './index.ts';

describe('loading a year', function () {
  this.timeout(60_000);
  let world: TestOrganisation;
  let admin: Browser;
  let recomputed = 0;

  before(async () => {
    world = await openTestOrganisation(({ core, audit }) => {
      const loaded = async () => void (recomputed += 1);
      return createCalendar(core, { audit, incidents: createIncidents(core), loaded }).routes;
    });
    admin = await world.signIn('root');
  });
  after(() => world.close());

  it('takes a provisional year without days, and has everything computed anew [PLT-5.1]', async () => {
    const { status, body } = await admin.send('PUT', '/calendar/2027', { provisional: true });
    assert.deepEqual([status, body.year, body.provisional], [200, 2027, true]);
    assert.deepEqual((body.days as object[])[0], { day: '2027-01-01', kind: 'off', name: '元旦' });
    assert.equal(recomputed, 1);
    const { body: all } = await admin.send('GET', '/calendar');
    assert.deepEqual(
      (all.years as { year: number }[]).map(({ year }) => year),
      [2027],
    );
  });

  it('names what is wrong with a final year and keeps the old one [PLT-5.1 PLT-12.6]', async () => {
    const days = { '2027-01-01': 'off:元旦', '2027-13-01': 'off:元旦' };
    const { body } = await admin.send('GET', '/calendar');
    const [{ loadedAt: seen }] = body.years as [{ loadedAt: string }];
    const wrong = await admin.send('PUT', '/calendar/2027', { provisional: false, days, seen });
    assert.equal(wrong.status, 400);
    assert.deepEqual((wrong.body.fields as { path: string }[])[0]!.path, 'days/2027-13-01');
    assert.equal((await admin.send('PUT', '/calendar/2027', { provisional: false })).status, 400);
    assert.equal((await admin.send('PUT', '/calendar/27', { provisional: true })).status, 400);
    assert.equal(recomputed, 1);
  });

  it('tells somebody who saw another year that it was loaded meanwhile [PLT-5.1]', async () => {
    const days = { '2027-01-01': 'off:元旦' };
    const { status, body } = await admin.send('PUT', '/calendar/2027', { provisional: false, days });
    assert.deepEqual([status, body.code], [409, 'stale']);
    const { theirs, yours, seen } = body.facts as { theirs: Record<string, string>; yours: object; seen: string };
    assert.deepEqual([theirs['2027-01-01'], yours], ['off:元旦', days]);
    assert.equal((await admin.send('PUT', '/calendar/2027', { provisional: true, seen })).status, 200);
  });
});
