import assert from 'node:assert/strict';
import type { Refusal } from '../scenarios/client.ts';
import { end, openFlowWorld, outcome, path, start, user, type FlowWorld } from '../tasks/testing.ts';

const LAW = '《行政许可法》第四十二条';
/** Silence accepts, as of the receipt; the decision may be put off once, by the one who decides. */
const FLOW = {
  flow: {
    form: 'report',
    start: { roles: ['cma.acceptance'] },
    accepted: 'outcome:acceptance=accept',
    clocks: [
      {
        id: 'acceptance',
        title: { zh: '受理期限', en: 'Acceptance' },
        basis: '《行政许可法》第三十二条',
        limit: 'P5WD',
        from: ['entered:acceptance'],
        until: ['outcome:acceptance=accept'],
        deemed: { outcome: 'acceptance=accept', at: 'start' },
      },
      {
        id: 'decision',
        title: { zh: '许可期限', en: 'Decision' },
        basis: LAW,
        limit: 'P20WD',
        from: ['outcome:acceptance=accept'],
        until: ['outcome:examine=grant'],
        extend: { by: 'P10WD', once: true, basis: LAW },
      },
    ],
  },
  forms: { report: [{ type: 'textfield', key: 'text', label: '内容' }] },
  model: [
    start,
    user('acceptance', 'cma.acceptance', [outcome('accept', { kind: 'primary' })]),
    user('examine', 'cma.examine', [outcome('grant', { kind: 'primary' })]),
    end('granted'),
    user('putOff', 'cma.decide', [outcome('approve', { extends: true, kind: 'primary' }), outcome('refuse')], {
      'on-demand': 'extend:decision',
    }),
    end('putOffEnd'),
    path('start acceptance examine granted'),
    path('putOff putOffEnd'),
  ].join(''),
};

describe('limits of a case', function () {
  this.timeout(120_000);
  let world: FlowWorld;
  let caseId: string;
  before(async () => {
    world = await openFlowWorld('limits-test', FLOW, { at: new Date('2026-09-21T09:00:00+08:00') });
    caseId = await world.start('受理岗', { text: '试' });
  });
  after(() => world.close());

  const clock = async (id: string) => (await world.view('受理岗', caseId)).clocks.find((one) => one.id === id);
  const goTo = async (moment: string) => {
    world.time.advanceTo(new Date(moment));
    await world.quiet();
  };
  const extension = async () => {
    const { offers } = await world.view('审查岗', caseId);
    return offers.find(({ action }) => action === 'parts/putOff');
  };
  const askFor = async (reason: string) =>
    (await world.as('审查岗')).send('POST', `/cases/${caseId}/parts/putOff`, { reason });

  it('say before a decision what it does to them [PLT-1.2]', async () => {
    const { offers } = await world.task('受理岗', caseId, 'acceptance');
    assert.equal(offers[0]!.effect?.zh, '「受理期限」结束；「许可期限」自次日起算，20个工作日');
    assert.equal((await clock('acceptance'))!.dueOn, '2026-09-29');
  });

  it('silence accepts when the limit is over, as of the day of receipt [PLT-5.4]', async () => {
    await goTo('2026-09-29T23:00:00+08:00');
    assert.equal((await world.view('受理岗', caseId)).acceptedAt, null);
    await goTo('2026-09-30T00:10:00+08:00');
    const { tasks, acceptedAt } = await world.view('受理岗', caseId);
    assert.deepEqual(
      tasks.map(({ step }) => step),
      ['examine'],
    );
    assert.match(acceptedAt!, /^2026-09-21T01:00/);
    assert.equal((await clock('decision'))!.dueOn, '2026-10-26');
    const { entries } = await (
      await world.as('受理岗')
    ).get<{ entries: { action: string; zh: string }[] }>(`/cases/${caseId}/timeline`);
    assert.match(
      entries.find(({ action }) => action === 'task.deemed')!.zh,
      /期限届满未作出决定，视为「accept」。理由：「受理期限」2026-09-29 届满.*第三十二条/,
    );
  });

  it('a limit is extended once, with reason and approval, and the applicant’s side is told [PLT-5.3]', async () => {
    assert.deepEqual(await extension(), {
      action: 'parts/putOff',
      title: { zh: '申请延期：许可期限', en: 'Ask for an extension: Decision' },
      enabled: true,
      needs: ['reason', 'confirm'],
    });
    await askFor('需要专家论证');
    await world.quiet();
    const { offers } = await world.task('决定岗', caseId, 'putOff');
    assert.equal(offers.find(({ action }) => action === 'decide:approve')!.effect?.zh, '「许可期限」延长10个工作日');
    assert.equal(offers.find(({ action }) => action === 'decide:refuse')!.effect, undefined);
    await world.decide('决定岗', caseId, 'putOff', { outcome: 'approve' });
    const decision = await clock('decision');
    assert.deepEqual([decision!.dueOn, decision!.total, decision!.state], ['2026-11-09', 30, 'running']);
    assert.deepEqual(
      decision!.events.filter(({ kind }) => kind === 'extend').map(({ reason, basis }) => [reason, basis]),
      [['需要专家论证', LAW]],
    );
    const { rows } = await (await world.as('受理岗')).get<{ rows: { title: string; body: string }[] }>('/messages');
    assert.match(rows[0]!.body, /「许可期限」延长10个工作日，到 2026-11-09 届满，理由：需要专家论证/);
  });

  it('a second extension is refused with the reason [PLT-5.3]', async () => {
    const offer = await extension();
    assert.equal(offer!.enabled, false);
    assert.match(offer!.reason!.zh, /「许可期限」已延长过10个工作日，只能延长一次/);
    await assert.rejects(askFor('再要十天'), ({ code }: Refusal) => code === 'not-now');
    await world.decide('审查岗', caseId, 'examine', { outcome: 'grant' });
    assert.equal((await world.view('受理岗', caseId)).result, 'granted');
  });
});
