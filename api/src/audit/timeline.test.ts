import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { openTestOrganisation, type TestOrganisation } from '../organisation/testing.ts';

describe('time line', function () {
  this.timeout(10_000);
  let world: TestOrganisation;
  before(async () => {
    world = await openTestOrganisation();
  });
  after(() => world.close());

  it('names person, role, office and steps as the release of the case calls them [PLT-1.8, PLT-8.1]', async () => {
    const { db } = world.core;
    const steps = { acceptance: { name: { zh: '受理' } }, technicalReview: { name: { zh: '技术评审' } } };
    const release = { flow: 'f', version: 1, definition_id: '', deployment_id: '', hash: '', package: { steps } };
    const [{ id: release_id }] = await db('release')
      .insert({ ...release, released_at: new Date() })
      .returning('id');
    const caseId = randomUUID();
    const about = { number: 'F-1', flow: 'f', title: '', subject_name: '', office: '520102', starter: randomUUID() };
    await db('case').insert({ id: caseId, ...about, release_id, received_at: new Date() });
    const personId = await world.person('shouli', { office: '520102' });

    const { hash } = await db.transaction(async (trx) => {
      const line = { caseId, personId, role: 'cma.acceptance', office: '520102', step: 'acceptance' };
      const outcomeTitle = { zh: '受理', en: 'Accept' };
      const detail = { outcome: 'accept', outcomeTitle, opinion: '材料齐全', cancelled: ['technicalReview'] };
      await world.audit.write(trx, {
        caseId,
        action: 'clock.start',
        detail: { title: '许可决定', dueOn: '2026-12-18' },
      });
      const occurredAt = new Date('2026-11-21T02:32:00Z');
      return world.audit.write(trx, { ...line, action: 'task.decide', visit: 2, occurredAt, detail });
    });

    const [clock, decision] = await world.audit.timeline.all(caseId);
    assert.equal(clock?.zh, '按流程自动：「许可决定」时限开始，2026-12-18 到期。');
    assert.equal(
      decision?.zh,
      'shouli氏（南明区局资质认定受理岗）在「受理」（第 2 次）作出「受理」。意见：材料齐全。取消：技术评审。实际时间：2026-11-21 10:32。',
    );
    const { person, role, office, stepName, outcome, opinion } = decision ?? {};
    assert.deepEqual(
      [person, role, office, stepName, outcome, opinion, decision?.hash],
      ['shouli氏', '资质认定受理岗', '南明区局', '受理', 'accept', '材料齐全', hash],
    );
  });

  it('comes from its newest line, page by page, found through by what lines are about and by words [PLT-1.8]', async () => {
    const caseId = randomUUID();
    await world.core.db.transaction(async (trx) => {
      const write = (action: string, title: string, clock?: string) =>
        world.audit.write(trx, { caseId, action, detail: { title, clock } });
      await write('clock.stop', '许可决定', 'ruling');
      await write('document.served', '补正通知书');
      for (let i = 1; i <= 250; i += 1) await write('material.added', `第 ${i} 份`);
      await write('clock.resume', '许可决定', 'ruling');
    });
    const page = (query: object) => world.audit.timeline.page(caseId, query);
    const newest = await page({});
    assert.deepEqual([newest.entries.length, newest.total, newest.standing], [100, 253, 1]);
    assert.equal(newest.entries.at(-1)?.action, 'clock.resume');
    const middle = await page({ after: newest.next! });
    const oldest = await page({ after: middle.next! });
    assert.deepEqual([oldest.entries.length, oldest.next, oldest.standing], [53, null, 0]);
    const all = await world.audit.timeline.all(caseId);
    assert.deepEqual([...oldest.entries, ...middle.entries, ...newest.entries], all);

    const clocks = await page({ about: 'clocks' });
    assert.deepEqual(
      clocks.entries.map(({ action }) => action),
      ['clock.stop', 'clock.resume'],
    );
    assert.deepEqual((await page({ about: 'acts' })).entries, []);
    const served = await page({ q: '补正通知书' });
    assert.deepEqual([served.entries.map(({ action }) => action), served.next], [['document.served'], null]);
    assert.equal((await page({ q: '第 7' })).entries.length, 11);
  });
});
