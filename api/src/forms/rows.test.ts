import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Finding } from '../../../contracts/api/index.ts';
import { capability, subject, openApplication, type Application } from './application.testing.ts';

describe('tables of a form', function () {
  this.timeout(60_000);
  let world: Application;
  before(async () => {
    world = await openApplication();
  });
  after(() => world.close());

  it('add, change, find, page and remove rows [CMA-2.5] [CMA-2.8]', async () => {
    const owner = await world.draft(subject);
    await world.fill(owner, 5);
    const page = await world.rows(owner, '?limit=2');
    assert.deepEqual([page.total, page.rows.map((row) => row.position)], [5, [1, 2]]);
    const rest = await world.rows(owner, `?limit=2&after=${page.next}`);
    assert.deepEqual(
      rest.rows.map((row) => row.data.parameter),
      ['参数2', '参数3'],
    );
    const behind = await world.call('POST', `${world.table(owner)}/rows`, {
      data: capability(9),
      after: page.rows[0].id,
    });
    assert.equal(behind.body.position, 2);
    const changed = await world.call('PUT', `${world.table(owner)}/rows/${page.rows[0].id}`, {
      data: { standardNo: 'HJ 637', note: null },
    });
    assert.deepEqual(
      changed.body.findings.map((f: Finding) => f.code),
      ['year'],
    );
    assert.equal(changed.body.data.parameter, '参数0');
    assert.equal((await world.rows(owner, '?q=hj%20637')).total, 1);
    assert.equal((await world.rows(owner, '?q=%25')).total, 0);
    assert.deepEqual(
      (await world.rows(owner, '?only=problems')).rows.map((row) => row.id),
      [page.rows[0].id],
    );
    assert.equal((await world.call('DELETE', `${world.table(owner)}/rows/${page.rows[0].id}`)).status, 200);
    assert.equal((await world.call('PUT', `${world.table(owner)}/rows/${page.rows[0].id}`, { data: {} })).status, 404);
    assert.equal((await world.rows(owner)).total, 5);
    assert.equal((await world.call('GET', `${world.table(owner)}/rows?after=nonsense`)).status, 400);
    assert.equal((await world.call('GET', `${world.table(owner, 'nonsense')}/rows`)).status, 404);
    const wrong = await world.call('POST', `${world.table(owner)}/rows`, { data: { nonsense: 1 } });
    assert.deepEqual(
      wrong.body.fields.map((f: { path: string }) => f.path),
      ['nonsense'],
    );
  });

  it('refuse a stale change of a row with both values', async () => {
    const owner = await world.draft();
    await world.fill(owner, 1);
    const [row] = (await world.rows(owner)).rows;
    const at = `${world.table(owner)}/rows/${row.id}`;
    assert.equal((await world.call('PUT', at, { data: { note: '甲' }, edits: row.edits })).body.edits, 1);
    const late = await world.call('PUT', at, { data: { note: '乙' }, edits: row.edits });
    assert.deepEqual(
      [late.status, late.body.facts],
      [409, { edits: 1, theirs: { note: '甲' }, yours: { note: '乙' } }],
    );
  });

  it('tell doubles and references that lead nowhere [CMA-3.11]', async () => {
    const owner = await world.draft(subject);
    await world.fill(owner, 2);
    await world.call('POST', `${world.table(owner)}/rows`, { data: capability(0, { equipment: 'E1、E2' }) });
    const { rows: faulty } = await world.rows(owner, '?only=problems');
    assert.deepEqual(
      faulty.map((row) => row.position),
      [3],
    );
    assert.deepEqual(
      faulty[0].findings.map((f) => [f.code, f.zh]),
      [
        ['double', faulty[0].findings[0].zh],
        ['reference', faulty[0].findings[1].zh],
      ],
    );
    assert.match(faulty[0].findings[0].zh, /^与第 1 行重复（同.*）。删去一行，或改正$/);
    assert.match(faulty[0].findings[1].zh, /里没有.*「E2」/);
    assert.equal((await world.view(owner)).tables.capabilities.problems, 1);
    const { findings } = await world.check(owner);
    const double = findings.find((f) => f.code === 'double')!;
    assert.match(double.zh, /^第 3 行　与第 1 行重复/);
    assert.equal(double.where.row, 3);
  });

  it('set columns of many rows at once [CMA-2.6]', async () => {
    const owner = await world.draft();
    await world.fill(owner, 3);
    const all = await world.call('POST', `${world.table(owner)}/bulk`, { rows: 'all', set: { limits: '不测海水' } });
    assert.deepEqual(all.body, { changed: 3 });
    const [first] = (await world.rows(owner)).rows;
    await world.call('POST', `${world.table(owner)}/bulk`, { rows: [first.id], set: { limits: null } });
    assert.deepEqual(
      (await world.rows(owner)).rows.map((row) => row.data.limits),
      [undefined, '不测海水', '不测海水'],
    );
    const gone = await world.call('POST', `${world.table(owner)}/bulk`, { rows: [randomUUID()], set: { limits: 'x' } });
    assert.equal(gone.status, 404);
  });
});
