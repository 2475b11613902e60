import assert from 'node:assert/strict';
import type { Migration, OutdatedCase } from '../../../contracts/api/index.ts';
import { Refusal } from '../scenarios/client.ts';
import { end, openFlowWorld, outcome, path, start, user, type FlowWorld, type TestFlow } from '../tasks/testing.ts';

const go = [outcome('go', { kind: 'primary' })];
const fork = '<bpmn:parallelGateway id="fork" name="fork" />';
const join = '<bpmn:parallelGateway id="join" name="join" />';
const timer =
  '<bpmn:boundaryEvent id="late" name="late" attachedToRef="tech" cancelActivity="false"><bpmn:timerEventDefinition id="lateTimer" /></bpmn:boundaryEvent>';
const report = (label: string) => ({ report: [{ type: 'textfield', key: 'name', label }] });
const flow = { form: 'report', start: { roles: ['cma.acceptance'] } };

/** start > accept > (legal | tech) > rule > done. */
const FIRST: TestFlow = {
  flow,
  forms: report('名称'),
  model: [
    ...[start, user('accept', 'cma.acceptance', go), fork, user('legal', 'cma.acceptance', go)],
    ...[user('tech', 'cma.acceptance', go, { limit: 'P5WD' }), join, user('rule', 'cma.acceptance', go), end('done')],
    path('start accept fork legal join rule done'),
    path('fork tech join'),
  ].join(''),
};

/** Others answer `legal`; `tech` has another limit and a timer; `again` comes behind `rule` where its outcome says so. */
const SECOND: TestFlow = {
  flow,
  forms: report('单位名称'),
  model: [
    ...[start, user('accept', 'cma.acceptance', go), fork, user('legal', 'cma.first', go)],
    ...[user('tech', 'cma.acceptance', go, { limit: 'P8WD' }), timer, end('lateEnd'), join],
    user('rule', 'cma.acceptance', go),
    '<bpmn:exclusiveGateway id="more" name="more" default="more-done" />',
    ...[user('again', 'cma.acceptance', go), end('done')],
    path('start accept fork legal join rule more done'),
    path('fork tech join'),
    path('late lateEnd'),
    path('again done').replace('again-done', 'againDone'),
    '<bpmn:sequenceFlow id="more-again" name="再办" sourceRef="more" targetRef="again"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">${again_outcome == \'go\'}</bpmn:conditionExpression></bpmn:sequenceFlow>',
  ].join(''),
};

/** A third branch between the same fork and join. */
const THIRD: TestFlow = {
  ...SECOND,
  model: SECOND.model + user('money', 'cma.acceptance', go) + path('fork money join'),
};
const BY = '南明区受理岗';

describe('migration of running cases', function () {
  this.timeout(120_000);
  let world: FlowWorld;
  before(async () => {
    world = await openFlowWorld('migration-test', FIRST);
    await world.person('初审', '520102', ['cma.first']);
  });
  after(() => world.close());

  const begin = async () => {
    const caseId = await world.start(BY, { name: '试验' });
    await world.decide(BY, caseId, 'accept', { outcome: 'go' });
    return caseId;
  };
  const outdated = async () => (await (await world.as('运维')).get<{ rows: OutdatedCase[] }>('/migrations')).rows;
  const preview = async (caseId: string) => (await world.as('运维')).get<Migration>(`/cases/${caseId}/migration`);
  const migrate = async (caseId: string, body: object) => {
    const client = await world.as('运维');
    const answer = await client.send<{ state: string }>('POST', `/cases/${caseId}/migration`, {
      reason: '新版纠正期限',
      ...body,
    });
    await world.quiet();
    return answer;
  };
  const clockOf = (caseId: string) => world.core.db('clock').where({ case_id: caseId, id: 'step:tech:1' }).first();

  it('show what changes, then go on under the new release: candidates, limits, timers and variables with it [PLT-3.8] [PLT-1.3]', async () => {
    const caseId = await begin();
    const waits = await begin();
    await assert.rejects(preview(caseId), (error: Refusal) => error.code === 'not-now');
    const before = await clockOf(caseId);
    const legal = await world.task(BY, caseId, 'legal');
    const tech = await world.task(BY, caseId, 'tech');
    await (await world.as(BY)).send('PUT', `/tasks/${tech.id}/opinion`, { opinion: '已核对一半' });
    await (await world.as(BY)).send('POST', `/tasks/${legal.id}/claim`);
    assert.deepEqual(await outdated(), []);
    await world.release(SECOND);
    assert.deepEqual(
      (await outdated()).map(({ id, from, to }) => `${id} +${to - from}`).sort(),
      [caseId, waits].map((id) => `${id} +1`).sort(),
    );
    await assert.rejects((await world.as(BY)).get('/migrations'), (error: Refusal) => error.code === 'not-allowed');
    const { plan, changes, refused } = await preview(caseId);
    assert.deepEqual(refused, []);
    assert.deepEqual(
      changes.map(({ kind, step, what }) => [kind, step, ...what.map(({ zh }) => zh)].join(' ')),
      ['open legal 改由新的岗位办理', 'open tech 期限改为 P8WD 到期处理变了', 'new again'],
    );
    assert.deepEqual(await migrate(caseId, { plan }), { state: 'done' });
    assert.deepEqual(
      (await outdated()).map(({ id }) => id),
      [waits],
    );
    const { rows: told } = await (await world.as(BY)).get<{ rows: { title: string }[] }>('/messages');
    assert.ok(told.some(({ title }) => title === '「legal」改由别的岗位办理'));

    const first = await world.view('初审', caseId);
    assert.equal(first.tasks.find((task) => task.step === 'legal')!.offers[0]!.enabled, true);
    assert.match(String((await world.task(BY, caseId, 'legal')).offers[0]!.reason?.zh), /岗位/);
    const clock = await clockOf(caseId);
    assert.deepEqual([before.limit_text, clock.limit_text], ['P5WD', 'P8WD']);
    const job = await world.core.db('clock_timer').where({ case_id: caseId, boundary: 'late' }).first();
    assert.equal(new Date(job.due).toISOString().slice(0, 10), clock.due_on);
    const form = await (await world.as(BY)).get<{ schema: object; data: object }>(`/forms/${caseId}/report`);
    assert.match(JSON.stringify(form.schema), /单位名称/);
    assert.deepEqual(form.data, { name: '试验' }, 'what was typed is carried over');
    assert.equal((await world.task(BY, caseId, 'tech')).draft?.opinion, '已核对一半');

    await world.decide('初审', caseId, 'legal', { outcome: 'go' });
    for (const step of ['tech', 'rule']) await world.decide(BY, caseId, step, { outcome: 'go' });
    assert.equal((await world.view(BY, caseId)).result, 'done');
    assert.deepEqual(
      (await world.view(BY, waits)).tasks.map(({ step }) => step).sort(),
      ['legal', 'tech'],
      'the other case stays as it was',
    );
  });

  it('planned on a case that has moved on are shown anew [PLT-1.3]', async () => {
    const caseId = await world.start(BY, { name: '试验' });
    await world.release(FIRST);
    const { plan } = await preview(caseId);
    await world.decide(BY, caseId, 'accept', { outcome: 'go' });
    await assert.rejects(migrate(caseId, { plan }), (error: Refusal) => error.code === 'tree-changed');
  });

  it('are refused with the place where a changed fork would strand the case [PLT-3.8]', async () => {
    const caseId = await begin();
    await world.release(THIRD);
    const { refused } = await preview(caseId);
    assert.deepEqual(
      refused.map(({ step, zh }) => `${step} ${zh}`),
      ['legal 新版流程的分支或汇合变了，这件会停在「legal」走不下去'],
    );
    await assert.rejects(migrate(caseId, {}), (error: Refusal) => error.code === 'not-now');
    assert.deepEqual((await world.view(BY, caseId)).tasks.map(({ step }) => step).sort(), ['legal', 'tech']);
  });
});
