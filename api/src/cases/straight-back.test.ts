import assert from 'node:assert/strict';
import { end, openFlowWorld, path, start, user, type FlowWorld } from '../tasks/testing.ts';
import { BY, createCases, FLOW, gateway, GO, type Cases } from './testing.ts';

/** accept > check, which a timer ends > rule > what check said. The ruling's limit runs from what check concluded last. */
const CONCLUDED = {
  ...FLOW,
  flow: {
    ...FLOW.flow,
    clocks: [
      {
        id: 'ruling',
        title: { zh: '决定期限', en: 'Ruling' },
        basis: '《办法》',
        limit: 'P10WD',
        from: ['outcome:check=go', 'outcome:check=other', 'boundary:gone'],
        until: ['outcome:rule=go', 'entered:check'],
        again: true,
      },
    ],
  },
  model: [
    start,
    user('accept', 'cma.acceptance', GO),
    user('check', 'cma.acceptance', GO, { limit: 'P3WD' }),
    '<bpmn:boundaryEvent id="gone" name="gone" attachedToRef="check"><bpmn:timerEventDefinition id="goneTimer" /></bpmn:boundaryEvent>',
    gateway('exclusive', 'checked'),
    user('rule', 'cma.acceptance', GO, { actions: 'return', returnTo: 'check' }),
    gateway('exclusive', 'ruled', 'default="ruled-done"'),
    user('extra', 'cma.acceptance', GO),
    end('done'),
    end('extraDone'),
    path('start accept check checked rule ruled done'),
    path('gone checked'),
    `<bpmn:sequenceFlow id="more" name="more" sourceRef="ruled" targetRef="extra"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">\${check_outcome == 'other'}</bpmn:conditionExpression></bpmn:sequenceFlow>`,
    path('extra extraDone'),
  ].join(''),
};

/** accept > check, in a sub-process > rule. */
const IN_SUB = {
  ...FLOW,
  model: [
    start,
    user('accept', 'cma.acceptance', GO),
    '<bpmn:subProcess id="sub" name="审查"><bpmn:startEvent id="subStart" name="开始" />',
    `${user('check', 'cma.acceptance', GO)}<bpmn:endEvent id="subEnd" name="结束" />${path('subStart check subEnd')}`,
    '</bpmn:subProcess>',
    user('rule', 'cma.acceptance', GO, { actions: 'return', returnTo: 'check' }),
    end('done'),
    path('start accept sub rule done'),
  ].join(''),
};

describe('returns that go straight back', function () {
  this.timeout(120_000);
  let world: FlowWorld;
  let cases: Cases;
  before(async () => {
    world = await openFlowWorld('straight-back-test', FLOW);
    cases = createCases(world);
  });
  after(() => world.close());

  it('go straight back with the same answer, and everything that was given stands [PLT-1.3]', async () => {
    const caseId = await cases.begin('accept legal first');
    await cases.sendBack(caseId, 'tech', { to: 'accept', mode: 'straight-back' });
    assert.deepEqual(await cases.open(caseId), ['accept']);
    const { state } = await world.decide(BY, caseId, 'accept', { outcome: 'go', opinion: '已补' });
    assert.equal(state, 'done');
    assert.deepEqual(await cases.open(caseId), ['tech']);
    assert.ok((await cases.answers(caseId)).every((d) => !d.void));
    await cases.decide(caseId, 'tech rule');
    assert.equal((await world.view(BY, caseId)).result, 'done');
  });

  it('replayed after they went straight back make void also what was answered before the correction [PLT-1.3]', async () => {
    const caseId = await cases.begin('accept legal first');
    await cases.sendBack(caseId, 'tech', { to: 'accept', mode: 'straight-back' });
    await cases.decide(caseId, 'accept');
    await cases.sendBack(caseId, 'tech', { to: 'accept' });
    assert.deepEqual(
      (await cases.answers(caseId)).map((d) => `${d.step} ${d.void}`),
      ['accept true', 'legal true', 'first true', 'accept true'],
    );
    await cases.decide(caseId, 'accept legal first tech rule');
    assert.equal((await world.view(BY, caseId)).result, 'done');
  });

  it('sent back again by who has to correct, go straight back one after another [PLT-1.3]', async () => {
    const caseId = await cases.begin('accept legal first tech');
    await cases.sendBack(caseId, 'rule', { to: 'tech', mode: 'straight-back' });
    await cases.sendBack(caseId, 'tech', { to: 'first', mode: 'straight-back' });
    await cases.decide(caseId, 'first');
    assert.deepEqual(await cases.open(caseId), ['tech']);
    await cases.decide(caseId, 'tech');
    assert.deepEqual(await cases.open(caseId), ['rule']);
    assert.ok((await cases.answers(caseId)).every((d) => !d.void));
    await cases.decide(caseId, 'rule');
    assert.equal((await world.view(BY, caseId)).result, 'done');
  });

  it('with another answer are replayed from there [PLT-1.3]', async () => {
    const caseId = await cases.begin('accept legal first');
    await cases.sendBack(caseId, 'tech', { to: 'accept', mode: 'straight-back' });
    await cases.decide(caseId, 'accept', { outcome: 'other' });
    assert.deepEqual(await cases.open(caseId), ['first', 'legal']);
    assert.deepEqual(
      (await cases.answers(caseId)).map((d) => `${d.step} ${d.void}`),
      ['accept true', 'legal true', 'first true', 'accept false'],
    );
  });

  it('also out of a sub-process, which ends with it [PLT-1.3]', async () => {
    await world.release(IN_SUB);
    const caseId = await cases.begin('accept check');
    await cases.sendBack(caseId, 'rule', { to: 'check', mode: 'straight-back' });
    await cases.decide(caseId, 'check');
    assert.deepEqual(await cases.open(caseId), ['rule']);
    assert.deepEqual(
      (await cases.answers(caseId)).map((d) => `${d.step} ${d.void}`),
      ['accept false', 'check false', 'check false'],
    );
  });

  describe('behind a step whose conclusion counts', () => {
    before(() => world.release(CONCLUDED));

    const ruling = (caseId: string) =>
      world.core.db('clock').where({ case_id: caseId, id: 'ruling' }).first('state', 'due_on');
    const later = (days: number) => world.time.advanceTo(new Date(world.time.now().getTime() + days * 86_400_000));

    it('begin the limit of the next step again from the answer that goes straight back [PLT-1.3, PLT-5.2]', async () => {
      const caseId = await cases.begin('accept check');
      const first = await ruling(caseId);
      later(8);
      await cases.sendBack(caseId, 'rule', { to: 'check', mode: 'straight-back' });
      assert.equal((await ruling(caseId)).state, 'ended', 'there is no conclusion while it is corrected');
      later(7);
      await cases.decide(caseId, 'check');
      assert.deepEqual(await cases.open(caseId), ['rule']);
      const again = await ruling(caseId);
      assert.ok(again.due_on > first.due_on);
      assert.deepEqual(
        again,
        await ruling(await cases.begin('accept check')),
        'as where it was concluded today for the first time',
      );
    });

    it('to a step that its timer ends go no way back: what they undid is void and steers nothing [PLT-1.3, PLT-5.5]', async () => {
      const caseId = await cases.begin('accept');
      await cases.decide(caseId, 'check', { outcome: 'other' });
      await cases.sendBack(caseId, 'rule', { to: 'check', mode: 'straight-back' });
      assert.ok((await cases.answers(caseId)).every((d) => !d.void));
      const { db, engine } = world.core;
      const timer = await db('clock_timer').where({ case_id: caseId, boundary: 'gone' }).whereNull('ended_tx').first();
      world.time.advanceTo(new Date(timer.due.getTime() + 60_000));
      await engine.executeJob(timer.job_id);
      await world.quiet();
      assert.deepEqual(await cases.open(caseId), ['rule']);
      assert.deepEqual(
        (await cases.answers(caseId)).map((d) => `${d.step} ${d.void}`),
        ['accept false', 'check true'],
      );
      await cases.decide(caseId, 'rule');
      assert.equal((await world.view(BY, caseId)).result, 'done', 'extra is for cases in which check said other');
    });

    it('that go straight back bring back what the answers steered [PLT-1.3]', async () => {
      const caseId = await cases.begin('accept');
      await cases.decide(caseId, 'check', { outcome: 'other' });
      await cases.sendBack(caseId, 'rule', { to: 'check', mode: 'straight-back' });
      await cases.decide(caseId, 'check', { outcome: 'other' });
      await cases.decide(caseId, 'rule');
      assert.deepEqual(await cases.open(caseId), ['extra']);
    });
  });
});
