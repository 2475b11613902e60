import assert from 'node:assert/strict';
import type { CatalogueItem } from '../../../contracts/api/index.ts';
import type { z } from 'zod';
import { Refusal } from '../scenarios/client.ts';
import { end, openFlowWorld, outcome, path, start, user, type FlowWorld } from './testing.ts';

const offices = (...codes: string[]) => codes.map((id) => ({ id, label: '' }));
const go = [outcome('go', { kind: 'primary' })];
const threads = `<bpmn:subProcess id="threads" name="各区县"><bpmn:incoming>atLead-threads</bpmn:incoming><bpmn:multiInstanceLoopCharacteristics camunda:collection="\${list(districts)}" camunda:elementVariable="district" />${[
  '<bpmn:startEvent id="threadStart" name="threadStart" />',
  user('handle', 'cma.acceptance@thread', go),
  end('threadEnd'),
  path('threadStart handle threadEnd'),
].join('')}</bpmn:subProcess>`;

/** A county starts; the city's examiners, an office that the first step names, and each district act in turn. */
const FLOW = {
  flow: { form: 'report', start: { roles: ['cma.acceptance'] } },
  forms: {
    report: [
      { type: 'textfield', key: 'lead', label: '牵头机关' },
      { type: 'organisation', key: 'districts', label: '区县', many: true },
    ],
  },
  model: [
    start,
    user('first', 'cma.acceptance', go, { edits: 'report', sets: 'lead=report.lead; districts=report.districts' }),
    user('atCity', 'cma.examine@city', go),
    user('atLead', 'cma.review@lead', go),
    threads,
    end('done'),
    path('start first atCity atLead threads done'),
  ].join(''),
};

describe('offices of steps', function () {
  this.timeout(120_000);
  let world: FlowWorld;
  before(async () => {
    world = await openFlowWorld('offices-test', FLOW);
    await world.person('市评审', '5201', ['cma.review']);
    await world.person('市受理', '5201', ['cma.acceptance']);
  });
  after(() => world.close());

  it('staff find what they may start, choose the subject, and the case is their office’s [PLT-3.8] [RCL-1.1]', async () => {
    const county = await world.as('南明区受理岗');
    const { items } = await county.get<{ items: z.infer<typeof CatalogueItem>[] }>('/catalogue');
    assert.deepEqual(
      items.map(({ flow, mayStart, staff }) => [flow, mayStart, staff?.register, staff?.offices.map((o) => o.code)]),
      [['offices-test', true, 'institution', ['520102']]],
    );
    const none = await (await world.as('审查岗')).get<{ items: object[] }>('/catalogue');
    assert.deepEqual(none.items, []);
    await assert.rejects(county.send('POST', '/drafts', { flow: 'offices-test' }), /选择办件的对象/);
    const applicant = await world.as('申请人');
    await assert.rejects(
      applicant.send('POST', '/drafts', { flow: 'offices-test' }),
      ({ code }: Refusal) => code === 'may-not-start',
    );
    const caseId = await world.start('南明区受理岗', { lead: '5201', districts: offices('520102') });
    const view = await world.view('南明区受理岗', caseId);
    assert.deepEqual([view.office.code, view.starter], ['520102', '安晓棠']);
    assert.match(view.title, /试验$/);
  });

  it('a step goes to the nearest office upwards that holds the role, to one that was named, to each thread’s [PLT-5.1]', async () => {
    const caseId = await world.start('南明区受理岗', { lead: '520100', districts: offices('520102', '5201') });
    await world.decide('南明区受理岗', caseId, 'first', { outcome: 'go' });
    // Nobody examines in the city, so the province does.
    await world.decide('审查岗', caseId, 'atCity', { outcome: 'go' });
    await world.decide('市评审', caseId, 'atLead', { outcome: 'go' });
    const groups = await world.core
      .db('task_group as g')
      .join('task as t', 't.id', 'g.task_id')
      .where({ 't.case_id': caseId, 't.step': 'handle' })
      .whereRaw(`g.grp not like '%*'`)
      .orderBy('g.grp')
      .pluck('g.grp');
    assert.deepEqual(groups, ['cma.acceptance@5201', 'cma.acceptance@520102']);
    await world.decide('市受理', caseId, 'handle', { outcome: 'go' });
    await world.decide('南明区受理岗', caseId, 'handle', { outcome: 'go' });
    const { state, result } = await world.view('南明区受理岗', caseId);
    assert.deepEqual([state, result], ['closed', 'done']);
  });

  it('a list that parts are repeated over is not empty [PLT-5.1]', async () => {
    const caseId = await world.start('南明区受理岗', { lead: '5201' });
    await assert.rejects(
      world.decide('南明区受理岗', caseId, 'first', { outcome: 'go' }),
      ({ status, message }: Refusal) => status === 400 && message.includes('「区县」至少选一项'),
    );
  });

  it('no office found is an operator’s incident, and the task comes when the office is there [PLT-5.1]', async () => {
    const caseId = await world.start('南明区受理岗', { lead: '5203', districts: offices('520102') });
    await world.decide('南明区受理岗', caseId, 'first', { outcome: 'go' });
    await world.decide('审查岗', caseId, 'atCity', { outcome: 'go' });
    const { tasks, incident } = await world.view('南明区受理岗', caseId);
    assert.deepEqual(
      tasks.map(({ step, mine }) => [step, mine]),
      [['atLead', false]],
    );
    assert.ok(incident);
    await world.office('5203', '遵义市局');
    await world.person('遵义评审', '5203', ['cma.review']);
    const operator = await world.as('运维');
    const { rows } = await operator.get<{ rows: { id: string; code: string }[] }>('/incidents');
    await operator.send('POST', `/incidents/${rows.find(({ code }) => code === incident.code)!.id}/retry`);
    await world.decide('遵义评审', caseId, 'atLead', { outcome: 'go' });
  });
});
