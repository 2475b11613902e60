import assert from 'node:assert/strict';
import { work } from '../flows/testing.ts';
import { end, openFlowWorld, outcome, path, start, user, type FlowWorld } from '../tasks/testing.ts';

const go = [outcome('go', { kind: 'primary' })];
const PUSH = {
  ...{ system: 'double-random', message: 'object', answer: 'answered' },
  content: 'name=report.name; uscc=91520100MA6DTEST0X; category=检验检测机构',
};
/**
 * Each district sends the same: the platform lists it for one of them and refuses the other. Both answers are there
 * before either goes on.
 */
const threads = `<bpmn:subProcess id="threads" name="各区县"><bpmn:incoming>first-threads</bpmn:incoming><bpmn:multiInstanceLoopCharacteristics camunda:collection="\${list(districts)}" camunda:elementVariable="district" />${[
  '<bpmn:startEvent id="threadStart" name="threadStart" />',
  work('send', 'push', PUSH),
  '<bpmn:receiveTask id="answered" name="等待答复" />',
  user('look', 'cma.acceptance@thread', go),
  '<bpmn:exclusiveGateway id="how" name="结果" default="how-refused" />',
  user('handle', 'cma.acceptance@thread', go),
  ...[end('refused'), end('handled'), path('threadStart send answered look how refused'), path('handle handled')],
  `<bpmn:sequenceFlow id="how-handle" name="列入" sourceRef="how" targetRef="handle"><bpmn:conditionExpression>\${answered_outcome == 'listed'}</bpmn:conditionExpression></bpmn:sequenceFlow>`,
].join('')}</bpmn:subProcess>`;

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
    threads,
    end('done'),
    path('start first threads done'),
  ].join(''),
};

describe('answers in threads', function () {
  this.timeout(120_000);
  let world: FlowWorld;
  before(async () => {
    world = await openFlowWorld('answers-test', FLOW);
    await world.person('市受理', '5201', ['cma.acceptance']);
  });
  after(() => world.close());

  it('each thread goes on with the answer to what it sent itself [PLT-9.5]', async () => {
    const districts = ['520102', '5201'].map((id) => ({ id, label: '' }));
    const caseId = await world.start('南明区受理岗', { name: '黔测', districts });
    await world.decide('南明区受理岗', caseId, 'first', { outcome: 'go' });
    await world.decide('南明区受理岗', caseId, 'look', { outcome: 'go' });
    await world.decide('市受理', caseId, 'look', { outcome: 'go' });
    const { db } = world.core;
    const visits = await db('step_visit').where({ case_id: caseId }).select('step', 'act_inst', 'parent', 'left_at');
    const of = (step: string) => visits.filter((visit) => visit.step === step);
    assert.deepEqual([of('answered').length, of('handle').length, of('refused').length], [2, 1, 1]);
    assert.ok(of('answered').every(({ left_at }) => left_at !== null));
    const calls = await db('connector_call').where({ case_id: caseId });
    const threadOf = (outcome: string) => {
      const { sender } = calls.find(({ answer }) => answer.outcome === outcome)!;
      return of('send').find(({ act_inst }) => act_inst === sender)!.parent;
    };
    assert.equal(of('handle')[0]!.parent, threadOf('listed'));
    assert.equal(of('refused')[0]!.parent, threadOf('refused'));
  });
});
