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
const BY = '南明区受理岗';

describe('returns into threads', function () {
  this.timeout(120_000);
  let world: FlowWorld;
  before(async () => {
    world = await openFlowWorld('threads-test', FLOW);
    await world.person('市受理', '5201', ['cma.acceptance']);
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
});
