import assert from 'node:assert/strict';
import type { ReturnTarget } from '../../../contracts/api/index.ts';
import { end, openFlowWorld, outcome, path, start, user, type FlowWorld } from '../tasks/testing.ts';

const go = [outcome('go', { kind: 'primary' })];
/** Each district visits the site within its limit; then the visits are summed up. */
const FLOW = {
  flow: { form: 'report', start: { roles: ['cma.acceptance'] } },
  forms: {
    report: [
      { type: 'textfield', key: 'name', label: '名称' },
      { type: 'organisation', key: 'districts', label: '区县', many: true },
    ],
  },
  model: [
    start,
    user('first', 'cma.acceptance', go, { edits: 'report', sets: 'districts=report.districts' }),
    `<bpmn:subProcess id="threads" name="各区县"><bpmn:multiInstanceLoopCharacteristics camunda:collection="\${list(districts)}" camunda:elementVariable="district" />${[
      '<bpmn:startEvent id="threadStart" name="threadStart" />',
      user('visit', 'cma.acceptance@thread', go, { limit: 'P5WD' }),
      end('visited'),
      path('threadStart visit visited'),
    ].join('')}</bpmn:subProcess>`,
    user('sum', 'cma.acceptance', go, { actions: 'return', returnTo: 'visit,first' }),
    end('done'),
    path('start first threads sum done'),
  ].join(''),
};
/** Each district visits the site and reports, both offices countersigning the report. */
const REPORTED = {
  ...FLOW,
  model: [
    start,
    user('first', 'cma.acceptance', go, {
      ...{ edits: 'report', sets: 'districts=report.districts', actions: 'take-back' },
    }),
    `<bpmn:subProcess id="threads" name="各区县"><bpmn:multiInstanceLoopCharacteristics camunda:collection="\${list(districts)}" camunda:elementVariable="district" />${[
      '<bpmn:startEvent id="threadStart" name="threadStart" />',
      user('visit', 'cma.acceptance@thread', go, { actions: 'take-back' }),
      user('report', 'cma.acceptance@thread,cma.examine@thread', [...go, outcome('talk', { otherwise: true })], {
        ...{ quorum: 'all', actions: 'return', returnTo: 'visit' },
      }),
      end('reported'),
      path('threadStart visit report reported'),
    ].join('')}</bpmn:subProcess>`,
    user('sum', 'cma.acceptance', go),
    end('done'),
    path('start first threads sum done'),
  ].join(''),
};
const BY = '南明区受理岗';

describe('returns into threads', function () {
  this.timeout(120_000);
  let world: FlowWorld;
  before(async () => {
    world = await openFlowWorld('threads-test', FLOW);
    await world.person('市受理', '5201', ['cma.acceptance']);
    await world.person('市受理二', '5201', ['cma.acceptance']);
    await world.person('市审查', '5201', ['cma.examine']);
    await world.person('区审查', '520102', ['cma.examine']);
  });
  after(() => world.close());

  it('begin all of them again, each with its limit, as was shown before; answers of all are void [PLT-1.3] [PLT-5.2]', async () => {
    const districts = ['520102', '5201'].map((id) => ({ id, label: '' }));
    const caseId = await world.start(BY, { name: '黔测', districts });
    await world.decide(BY, caseId, 'first', { outcome: 'go' });
    for (const by of [BY, '市受理']) await world.decide(by, caseId, 'visit', { outcome: 'go' });
    const { id } = await world.task(BY, caseId, 'sum');
    const client = await world.as(BY);
    const { targets } = await client.get<{ targets: ReturnTarget[] }>(`/tasks/${id}/returns`);
    const [toVisit] = targets;
    assert.deepEqual(toVisit!.modes, ['replay']);
    const shown = toVisit!.effects.filter(({ kind }) => kind === 'clock');
    await client.send('POST', `/tasks/${id}/return`, { to: 'visit', mode: 'replay', reason: '重新核查' });
    await world.quiet();

    const { db } = world.core;
    const running = await db('clock').where({ case_id: caseId, state: 'running' }).orderBy('id');
    assert.equal(running.length, 2);
    assert.deepEqual(
      shown.map(({ what, note }) => [what.zh, note!.zh]),
      [['visit期限', `2 路，各自次日起算，${running[0].due_on} 到期`]],
    );
    const tasks = await db('task').where({ case_id: caseId }).whereNull('ended_at').pluck('step');
    assert.deepEqual(tasks, ['visit', 'visit']);
    const said = await db('decision').where({ case_id: caseId }).whereNull('voided_by').pluck('step');
    assert.deepEqual(said, ['first']);
    for (const by of [BY, '市受理']) await world.decide(by, caseId, 'visit', { outcome: 'go' });
    await world.decide(BY, caseId, 'sum', { outcome: 'go' });
    assert.equal((await world.view(BY, caseId)).result, 'done');
  });

  describe('of several steps', () => {
    before(() => world.release(REPORTED));

    const begin = async () => {
      const caseId = await world.start(BY, {
        name: '黔测',
        districts: ['520102', '5201'].map((id) => ({ id, label: '' })),
      });
      await world.decide(BY, caseId, 'first', { outcome: 'go' });
      return caseId;
    };
    const given = { outcome: 'go' };
    const takeBack = async (by: string, decision: string) =>
      (await world.as(by)).send('POST', `/decisions/${decision}/take-back`);
    const steps = (caseId: string) =>
      world.core.db('task').where({ case_id: caseId }).whereNull('ended_at').orderBy('step').pluck('step');

    it('are named step by step, with what they are part of, before a move ends all of them [PLT-1.4]', async () => {
      const caseId = await begin();
      const { id } = await world.core.db('decision').where({ case_id: caseId, step: 'first' }).first('id');
      const shown = await (await world.as(BY)).get<Pick<ReturnTarget, 'effects'>>(`/decisions/${id}/take-back`);
      assert.deepEqual(
        shown.effects.map(({ kind, step, note }) => [kind, step, note?.zh]),
        [
          ['cancel', 'visit', '随「各区县」取消'],
          ['cancel', 'visit', '随「各区县」取消'],
          ['start', 'first', undefined],
        ],
      );
    });

    it('are taken back one by one, whatever the others have done [PLT-1.4]', async () => {
      const caseId = await begin();
      const { decisionId } = await world.decide(BY, caseId, 'visit', given);
      await world.decide('市受理', caseId, 'visit', given);
      const theirs = await world.task('市受理', caseId, 'report');
      await (await world.as('市受理')).send('POST', `/tasks/${theirs.id}/open`, {});
      await takeBack(BY, decisionId);
      await world.quiet();
      assert.deepEqual(await steps(caseId), ['report', 'visit']);
      await world.task(BY, caseId, 'visit');
    });

    it('that have ended are not taken back: they would begin again beside the others [PLT-1.4]', async () => {
      const caseId = await begin();
      const { decisionId } = await world.decide(BY, caseId, 'visit', given);
      for (const by of [BY, '区审查']) await world.decide(by, caseId, 'report', given);
      await assert.rejects(takeBack(BY, decisionId), /这一路已经办完，不能取回/);
      assert.deepEqual(await steps(caseId), ['visit']);
    });

    it('keep what was begun in them to themselves [PLT-1.2, PLT-1.3]', async () => {
      const caseId = await begin();
      await world.decide('市受理', caseId, 'visit', given);
      const { id } = await world.task('市受理二', caseId, 'report');
      await (await world.as('市受理二')).send('PUT', `/tasks/${id}/opinion`, { opinion: '现场照片待补' });
      for (const by of ['市受理', '市审查']) await world.decide(by, caseId, 'report', given);
      await world.decide(BY, caseId, 'visit', given);
      await world.decide('区审查', caseId, 'report', given);
      const { db } = world.core;
      const drafts = await db('opinion_draft').where({ task_id: id }).pluck('opinion');
      assert.deepEqual(drafts, ['现场照片待补'], 'nobody finds it in the other thread');
      const { id: report } = await world.task(BY, caseId, 'report');
      await (
        await world.as(BY)
      ).send('POST', `/tasks/${report}/return`, { to: 'visit', mode: 'replay', reason: '重看' });
      await world.quiet();
      const answers = await db('answer')
        .where({ case_id: caseId, step: 'report' })
        .orderBy('answered_at')
        .pluck('state');
      assert.deepEqual(answers, ['given', 'given', 'void'], 'those of the other thread stand');
      await world.decide(BY, caseId, 'visit', given);
      for (const by of [BY, '区审查']) await world.decide(by, caseId, 'report', given);
      await world.decide(BY, caseId, 'sum', given);
      assert.equal((await world.view(BY, caseId)).result, 'done');
    });

    it('of which one is sent back keep the answers of the others that are not decided yet [PLT-1.3]', async () => {
      const caseId = await begin();
      for (const by of [BY, '市受理']) await world.decide(by, caseId, 'visit', given);
      await world.decide('市审查', caseId, 'report', given);
      const { id } = await world.task(BY, caseId, 'report');
      await (await world.as(BY)).send('POST', `/tasks/${id}/return`, { to: 'visit', mode: 'replay', reason: '重看' });
      await world.quiet();
      assert.deepEqual(await world.core.db('answer').where({ case_id: caseId }).pluck('state'), ['given']);
    });
  });
});
