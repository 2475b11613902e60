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

    const [clock, decision] = await world.audit.timeline(caseId);
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
});
