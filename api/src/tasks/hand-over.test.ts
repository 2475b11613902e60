import assert from 'node:assert/strict';
import type { InboxCounts, TaskPeople, TaskView } from '../../../contracts/api/index.ts';
import type { z } from 'zod';
import type { Refusal } from '../scenarios/client.ts';
import { end, openFlowWorld, outcome, path, start, user, type FlowWorld } from './testing.ts';

const FLOW = {
  flow: { form: 'report', start: { roles: ['cma.acceptance'] } },
  forms: { report: [{ type: 'textfield', key: 'text', label: '内容' }] },
  model: [
    start,
    user('examine', 'cma.examine', [outcome('agree', { kind: 'primary' })], {
      actions: 'transfer, delegate, copy, urge',
    }),
    user('approve', 'cma.examine', [outcome('grant', { kind: 'primary' })], {
      actions: 'transfer, copy',
      'not-same-as': 'examine',
    }),
    end('granted'),
    path('start examine approve granted'),
  ].join(''),
};

describe('handing a task on', function () {
  this.timeout(120_000);
  let world: FlowWorld;
  const people: Record<string, string> = {};
  before(async () => {
    world = await openFlowWorld('hand-over-test', FLOW, { at: new Date('2026-09-21T09:00:00+08:00') });
    for (const name of ['甲', '乙', '丙']) people[name] = await world.person(name, '52', ['cma.examine']);
    people.丁 = await world.person('丁', '52', []);
    people.戊 = await world.person('戊', '520102', ['cma.examine']);
  });
  after(() => world.close());

  const begin = () => world.start('受理岗', { text: '试' });
  const post = async (by: string, task: TaskView, act: string, body: object = {}) =>
    (await world.as(by)).send('POST', `/tasks/${task.id}/${act}`, { version: task.version, ...body });
  const offered = async (by: string, caseId: string, step = 'examine') =>
    Object.fromEntries(
      (await world.task(by, caseId, step)).offers.map(({ action, enabled, reason }) => [action, enabled || reason?.zh]),
    );
  const refused =
    (code: string) =>
    (error: Refusal): boolean =>
      error.code === code;
  const lines = async (caseId: string) => {
    const { entries } = await (
      await world.as('受理岗')
    ).get<{ entries: { action: string; zh: string }[] }>(`/cases/${caseId}/timeline`);
    return entries;
  };

  it('a transfer gives it to another candidate, who alone decides it then [PLT-1.3]', async () => {
    const caseId = await begin();
    const task = await world.task('甲', caseId, 'examine');
    const { people: may } = await (await world.as('甲')).get<TaskPeople>(`/tasks/${task.id}/people?act=transfer`);
    assert.ok(may.some(({ id }) => id === people.乙) && may.every(({ id }) => id !== people.戊 && id !== people.丁));
    await assert.rejects(post('甲', task, 'transfer', { to: people.丁, reason: '出差' }), refused('invalid'));
    await assert.rejects(post('甲', task, 'transfer', { to: people.乙, reason: ' ' }), refused('invalid'));
    await post('甲', task, 'transfer', { to: people.乙, reason: '出差' });
    await assert.rejects(post('丙', task, 'transfer', { to: people.甲, reason: '抢办' }), refused('held-by-other'));
    const now = await world.task('甲', caseId, 'examine');
    await assert.rejects(post('甲', now, 'decision', { outcome: 'agree' }), refused('held-by-other'));
    await assert.rejects(post('乙', task, 'transfer', { to: people.丙, reason: '太忙' }), refused('stale'));
    await world.decide('乙', caseId, 'examine', { outcome: 'agree' });
    assert.match(
      (await lines(caseId)).find(({ action }) => action === 'task.transfer')!.zh,
      /甲.*转办给乙。理由：出差/,
    );

    const approval = await world.task('甲', caseId, 'approve');
    const { people: then } = await (await world.as('甲')).get<TaskPeople>(`/tasks/${approval.id}/people?act=transfer`);
    assert.match(then.find(({ id }) => id === people.乙)!.reason!.zh, /「examine」由本人办理/);
    await assert.rejects(post('甲', approval, 'transfer', { to: people.乙, reason: '出差' }), refused('four-eyes'));
  });

  it('a delegate prepares it and gives it back; the owner decides [PLT-1.3]', async () => {
    const caseId = await begin();
    const task = await world.task('甲', caseId, 'examine');
    await assert.rejects(post('甲', task, 'delegate', { to: people.戊, reason: '代拟' }), refused('invalid'));
    await post('甲', task, 'delegate', { to: people.丁, reason: '请代拟意见' });
    assert.deepEqual(await offered('丁', caseId), {
      'decide:agree': '甲委托您准备，写明意见后交还',
      'give-back': true,
    });
    assert.deepEqual(await offered('甲', caseId), { 'decide:agree': '已委托丁办理', 'give-back': true });
    const prepared = await world.task('丁', caseId, 'examine');
    for (const act of ['decision', 'release', 'transfer'])
      await assert.rejects(
        post('丁', prepared, act, { outcome: 'agree', to: people.乙, reason: '不办' }),
        refused('delegated'),
      );
    await assert.rejects(post('丁', prepared, 'give-back', { opinion: ' ' }), refused('invalid'));
    await assert.rejects(post('乙', prepared, 'give-back', { opinion: '我来' }), refused('held-by-other'));
    await post('丁', prepared, 'give-back', { opinion: '拟同意' });
    await assert.rejects(world.view('丁', caseId), refused('not-found'));
    await world.decide('甲', caseId, 'examine', { outcome: 'agree' });
    const said = await lines(caseId);
    assert.match(said.find(({ action }) => action === 'task.give-back')!.zh, /丁.*交还/);
    assert.match(said.find(({ action }) => action === 'task.delegate')!.zh, /甲.*委托丁准备/);
  });

  it('the owner takes a delegated task back [PLT-1.3]', async () => {
    const caseId = await begin();
    await post('甲', await world.task('甲', caseId, 'examine'), 'delegate', { to: people.乙, reason: '请代拟' });
    await post('甲', await world.task('甲', caseId, 'examine'), 'give-back');
    await world.decide('甲', caseId, 'examine', { outcome: 'agree' });
  });

  it('a copy lets somebody read who could not, and nothing else [PLT-1.6]', async () => {
    const caseId = await begin();
    await assert.rejects(world.view('戊', caseId), refused('not-found'));
    await post('甲', await world.task('甲', caseId, 'examine'), 'copy', { to: [people.戊], note: '供参考' });
    assert.deepEqual(await offered('戊', caseId), {
      'decide:agree': '由本环节岗位办理，您可以查看',
      urge: '刚到达或已催办过，09-22 09:00 起可以催办',
    });
    const { rows } = await (await world.as('戊')).get<{ rows: { title: string }[] }>('/messages');
    assert.equal(rows[0]!.title, '抄送：examine');
    assert.match((await lines(caseId)).find(({ action }) => action === 'task.copy')!.zh, /抄送戊/);
  });

  it('it is urged once a day, by others than those who have it [PLT-1.7]', async () => {
    const caseId = await begin();
    const task = await world.task('受理岗', caseId, 'examine');
    await assert.rejects(post('受理岗', task, 'urge'), refused('not-now'));
    world.time.advanceTo(new Date('2026-09-22T09:30:00+08:00'));
    await assert.rejects(post('甲', task, 'urge'), refused('not-now'));
    await post('受理岗', task, 'urge', { reason: '申请人来电' });
    await assert.rejects(post('受理岗', task, 'urge'), refused('not-now'));
    const { rows } = await (await world.as('乙')).get<{ rows: { title: string; body: string }[] }>('/messages');
    assert.match(`${rows[0]!.title} ${rows[0]!.body}`, /催办：examine .*申请人来电/);
    assert.match((await lines(caseId)).find(({ action }) => action === 'task.urge')!.zh, /催办。理由：申请人来电/);
    await post('甲', task, 'claim');
    world.time.advanceTo(new Date('2026-09-23T10:00:00+08:00'));
    assert.equal((await offered('丙', caseId)).urge, true);
    assert.equal((await offered('甲', caseId)).urge, undefined);
    await assert.rejects(post('甲', task, 'urge'), refused('not-now'));
    await post('丙', task, 'urge');
    await post('甲', task, 'release');
  });

  it('the inbox says where open tasks stand [PLT-1.1]', async () => {
    const { steps } = await (await world.as('丙')).get<z.infer<typeof InboxCounts>>('/inbox/counts');
    assert.deepEqual(
      steps!.map(({ flow, stepName, count }) => [flow, stepName, count]),
      [
        ['hand-over-test', 'examine', 2],
        ['hand-over-test', 'approve', 3],
      ],
    );
  });
});
