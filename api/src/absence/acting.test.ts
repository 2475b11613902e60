import assert from 'node:assert/strict';
import type { z } from 'zod';
import type { DoneRow, TaskView } from '../../../contracts/api/index.ts';
import { shanghaiDay } from '../core/index.ts';
import type { Refusal } from '../scenarios/client.ts';
import { end, openFlowWorld, outcome, path, start, user, type FlowWorld } from '../tasks/testing.ts';

const agree = [outcome('agree', { kind: 'primary' })];
const answers = [...agree, outcome('split', { otherwise: true })];
const FLOW = {
  flow: {
    form: 'report',
    start: { roles: ['cma.acceptance'] },
    terminate: { title: { zh: '终止办理', en: 'Terminate' }, groups: ['cma.decide'], exit: 'close' },
  },
  forms: { report: [{ type: 'textfield', key: 'experts', label: '专家' }] },
  model: [
    start,
    user('examine', 'cma.examine', agree, { actions: 'transfer, delegate, urge' }),
    user('countersign', 'cma.examine,cma.decide', answers, { quorum: 'all' }),
    user('vote', '', answers, { quorum: 'all', answerers: 'people:report.experts' }),
    user('approve', 'cma.decide', agree, { 'not-same-as': 'examine' }),
    end('done'),
    user('close', 'cma.decide', agree, { exit: 'terminated' }),
    end('terminated'),
    path('start examine countersign vote approve done'),
    path('close terminated'),
  ].join(''),
};

describe('acting for somebody absent', function () {
  this.timeout(120_000);
  let world: FlowWorld;
  const people: Record<string, string> = {};
  let absence: string;
  before(async () => {
    world = await openFlowWorld('acting-test', FLOW);
    people.甲 = await world.person('甲', '52', ['cma.examine', 'cma.decide']);
    people.乙 = await world.person('乙', '52', []);
    people.丙 = await world.person('丙', '52', ['cma.examine']);
    people.丁 = await world.person('丁', '52', []);
    absence = await declare({ deputy: people.乙 });
  });
  after(() => world.close());

  const today = () => shanghaiDay(world.core.time.now());
  async function declare(body: object): Promise<string> {
    const { id } = await (
      await world.as('甲')
    ).send<{ id: string }>('POST', '/absences', { from: today(), to: today(), ...body });
    return id;
  }
  const begin = () => world.start('受理岗', { experts: people.甲 });
  const post = async (by: string, task: TaskView, act: string, body: object = {}) =>
    (await world.as(by)).send('POST', `/tasks/${task.id}/${act}`, { version: task.version, ...body });
  const refused =
    (code: string) =>
    (error: Refusal): boolean =>
      error.code === code;
  const lines = async (caseId: string) =>
    (await (await world.as('受理岗')).get<{ entries: { zh: string }[] }>(`/cases/${caseId}/timeline`)).entries.map(
      ({ zh }) => zh,
    );
  const done = async (by: string, caseId: string) =>
    (await (await world.as(by)).get<{ rows: z.infer<typeof DoneRow>[] }>('/done')).rows.filter(
      (row) => row.caseId === caseId,
    );

  it('the deputy takes and decides in the absent person’s name, which every list and line shows [PLT-1.7]', async () => {
    const caseId = await begin();
    const task = await world.task('乙', caseId, 'examine');
    assert.deepEqual(task.for, { id: people.甲, name: '甲' });
    await post('乙', task, 'claim');
    assert.equal((await world.task('丙', caseId, 'examine')).holder?.name, '甲');
    await world.decide('乙', caseId, 'examine', { outcome: 'agree', opinion: '同意' });
    const said = await lines(caseId);
    assert.ok(
      said.some((zh) => /^乙（代甲）在「examine」签收待办/.test(zh)),
      said.join('\n'),
    );
    assert.ok(
      said.some((zh) => /^乙（.*资质认定审查岗，代甲）在「examine」作出「agree」/.test(zh)),
      said.join('\n'),
    );
    for (const of of ['甲', '乙']) {
      const [row] = await done(of, caseId);
      assert.deepEqual([row!.by.name, row!.for?.name, row!.stepName], ['乙', '甲', 'examine']);
    }
  });

  it('what the absent person has taken is the deputy’s too; the absent person may still act [PLT-1.7]', async () => {
    const caseId = await begin();
    await post('甲', await world.task('甲', caseId, 'examine'), 'claim');
    assert.equal((await world.task('乙', caseId, 'examine')).mine, true);
    assert.equal((await world.task('丙', caseId, 'examine')).mine, false);
    await assert.rejects(world.decide('丙', caseId, 'examine', { outcome: 'agree' }), refused('held-by-other'));
    await world.decide('甲', caseId, 'examine', { outcome: 'agree' });
    assert.equal((await done('乙', caseId)).length, 0);
  });

  it('a deputy transfers and delegates as the absent person would [PLT-1.5, PLT-1.7]', async () => {
    const caseId = await begin();
    await post('乙', await world.task('乙', caseId, 'examine'), 'delegate', { to: people.丁, reason: '请代拟' });
    const prepared = await world.task('丁', caseId, 'examine');
    await post('丁', prepared, 'give-back', { opinion: '拟同意' });
    const back = await world.task('乙', caseId, 'examine');
    assert.equal(back.holder?.name, '甲');
    await assert.rejects(post('乙', back, 'transfer', { to: people.甲, reason: '退' }), refused('invalid'));
    await post('乙', back, 'transfer', { to: people.丙, reason: '出差' });
    await world.decide('丙', caseId, 'examine', { outcome: 'agree' });
    assert.ok((await lines(caseId)).some((zh) => /^乙（代甲）在「examine」转办给丙/.test(zh)));
  });

  it('an absent person is urged together with the deputy, and marked with them where a task is handed on [PLT-1.5, PLT-1.7]', async () => {
    const caseId = await begin();
    const task = await world.task('甲', caseId, 'examine');
    await post('甲', task, 'claim');
    await world.core
      .db('task')
      .where({ id: task.id })
      .update({ arrived_at: new Date(0) });
    await post('受理岗', task, 'urge', { reason: '申请人来电' });
    for (const of of ['甲', '乙']) {
      const { rows } = await (await world.as(of)).get<{ rows: { title: string }[] }>('/messages');
      assert.equal(rows[0]!.title, '催办：examine');
    }
    const other = await begin();
    const { id } = await world.task('丙', other, 'examine');
    const listed = await (
      await world.as('丙')
    ).get<{ people: { name: string; absent?: object }[] }>(`/tasks/${id}/people?act=transfer`);
    const of = (name: string) => listed.people.find((one) => one.name === name);
    assert.deepEqual([of('甲')?.absent, of('审查岗')?.absent], [{ deputy: '乙', until: today() }, undefined]);
  });

  it('a deputy terminates a case as the absent person’s role allows, and the line says for whom [PLT-1.4, PLT-1.7]', async () => {
    const caseId = await begin();
    const offered = async (by: string) => (await world.view(by, caseId)).offers.map(({ action }) => action);
    assert.deepEqual([await offered('丙'), await offered('乙')], [[], ['terminate']]);
    await (await world.as('乙')).send('POST', `/cases/${caseId}/terminate`, { reason: '申请人注销' });
    await world.quiet();
    await world.decide('乙', caseId, 'close', { outcome: 'agree' });
    assert.equal((await world.view('乙', caseId)).result, 'terminated');
    assert.ok(
      (await lines(caseId)).some((zh) => /^乙（.*代甲）终止办理/.test(zh)),
      (await lines(caseId)).join('\n'),
    );
  });

  it('answers for the absent person once, and neither may decide what four eyes keep from either [PLT-1.5, PLT-1.7]', async () => {
    const caseId = await begin();
    await world.decide('乙', caseId, 'examine', { outcome: 'agree' });
    await world.decide('乙', caseId, 'countersign', { outcome: 'agree', opinion: '同意' });
    await world.decide('乙', caseId, 'countersign', { outcome: 'agree' });
    await world.decide('乙', caseId, 'vote', { outcome: 'agree' });
    const { answers } = await world.view('受理岗', caseId);
    assert.deepEqual(
      answers.flatMap(({ rows }) => rows.map(({ person, onBehalfOf }) => [person, onBehalfOf])),
      Array(3).fill(['乙', '甲']),
    );
    for (const by of ['乙', '甲'])
      await assert.rejects(world.decide(by, caseId, 'approve', { outcome: 'agree' }), refused('four-eyes'));
    await world.decide('决定岗', caseId, 'approve', { outcome: 'agree' });
  });

  it('somebody who steps aside is no deputy in that case, nor has one [PLT-1.7]', async () => {
    const caseId = await begin();
    const { starter: other } = await world.core.db('case').where({ id: caseId }).first('starter');
    for (const aside of ['甲', '乙']) {
      const client = await world.as(aside);
      const { id } = await client.send<{ id: string }>('POST', '/avoidances', {
        ...{ other, ground: '配偶任职', from: '2026-01-01', to: '2099-12-31' },
      });
      const task = await world.task('乙', caseId, 'examine');
      assert.match(task.offers.find(({ action }) => action === 'decide:agree')!.reason!.zh, /配偶任职/);
      for (const act of ['claim', 'transfer', 'decision'])
        await assert.rejects(
          post('乙', task, act, { to: people.丙, reason: '回避', outcome: 'agree' }),
          refused('avoidance'),
        );
      await client.send('DELETE', `/avoidances/${id}`);
    }
  });

  it('only where the absence covers it, and not after its end [PLT-1.7]', async () => {
    const caseId = await begin();
    assert.equal((await world.task('乙', caseId, 'examine')).for?.name, '甲');
    await (await world.as('甲')).send('DELETE', `/absences/${absence}`);
    await assert.rejects(world.view('乙', caseId), refused('not-found'));
    absence = await declare({ deputy: people.乙, divisions: ['520300'] });
    await assert.rejects(world.view('乙', caseId), refused('not-found'));
    await (await world.as('甲')).send('DELETE', `/absences/${absence}`);
    absence = await declare({ deputy: people.乙, flows: ['acting-test'] });
    await world.decide('乙', caseId, 'examine', { outcome: 'agree' });
  });
});
