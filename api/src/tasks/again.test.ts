import assert from 'node:assert/strict';
import { end, openFlowWorld, outcome, path, start, user, type FlowWorld } from './testing.ts';

const BY = '南明区受理岗';
const more = [outcome('go', { kind: 'primary' }), outcome('more')];
/** `around` is put around the step `examine`; the whole has the id `place`. */
const flowWith = (place: string, around: (step: string) => string) => ({
  flow: { form: 'report', start: { roles: ['cma.acceptance'] } },
  forms: { report: [{ type: 'textfield', key: 'name', label: '名称' }] },
  model: [
    start,
    around(user('examine', 'cma.examine', more)),
    '<bpmn:exclusiveGateway id="examined" name="结果" default="examined-done" />',
    user('supply', 'cma.acceptance', [outcome('go', { kind: 'primary' })]),
    end('done'),
    path(`start ${place} examined done`),
    path(`supply ${place}`),
    `<bpmn:sequenceFlow id="examined-supply" name="补充" sourceRef="examined" targetRef="supply"><bpmn:conditionExpression>\${examine_outcome == 'more'}</bpmn:conditionExpression></bpmn:sequenceFlow>`,
  ].join(''),
});
const inSub = (step: string) =>
  [
    '<bpmn:subProcess id="sub" name="审查"><bpmn:startEvent id="subStart" name="开始" />',
    `${step}<bpmn:endEvent id="subEnd" name="结束" />${path('subStart examine subEnd')}</bpmn:subProcess>`,
  ].join('');

describe('a step that is visited again', function () {
  this.timeout(120_000);
  let world: FlowWorld;
  const ids: Record<string, string> = {};
  before(async () => {
    world = await openFlowWorld(
      'again-test',
      flowWith('examine', (step) => step),
    );
    for (const name of ['甲', '乙']) ids[name] = await world.person(name, '520102', ['cma.examine']);
  });
  after(() => world.close());

  const sentBack = async (by: string): Promise<string> => {
    const caseId = await world.start(BY, { name: '试验' });
    assert.equal((await world.task('甲', caseId, 'examine')).holder, null);
    await world.decide(by, caseId, 'examine', { outcome: 'more' });
    await world.decide(BY, caseId, 'supply', { outcome: 'go' });
    return caseId;
  };
  const holder = async (caseId: string) => (await world.task('甲', caseId, 'examine')).holder?.name ?? null;

  it('goes to whoever decided it, who may release it [PLT-2.5]', async () => {
    const caseId = await sentBack('乙');
    assert.equal(await holder(caseId), '乙');
    await assert.rejects(world.decide('甲', caseId, 'examine', { outcome: 'go' }), { status: 409 });
    const { id } = await world.task('乙', caseId, 'examine');
    await (await world.as('乙')).send('POST', `/tasks/${id}/release`, {});
    await world.decide('甲', caseId, 'examine', { outcome: 'go' });
    assert.equal((await world.view('甲', caseId)).state, 'closed');
  });

  it('goes to whoever decided it also inside a sub-process, which begins anew each time [PLT-2.5]', async () => {
    await world.release(flowWith('sub', inSub));
    assert.equal(await holder(await sentBack('乙')), '乙');
  });

  it('is free where that person is absent [PLT-2.5 PLT-1.7]', async () => {
    const today = world.time.now();
    const day = (after: number) => new Date(today.getTime() + after * 24 * 3_600_000).toISOString().slice(0, 10);
    await world.core.db('absence').insert({
      ...{ person_id: ids['乙'], deputy_id: ids['甲'], from_day: day(-2), to_day: day(5) },
      ...{ declared_by: ids['乙'], declared_at: today },
    });
    assert.equal(await holder(await sentBack('乙')), null);
  });
});
