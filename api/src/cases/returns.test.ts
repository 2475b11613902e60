import assert from 'node:assert/strict';
import { Refusal } from '../scenarios/client.ts';
import { end, openFlowWorld, path, start, user, type FlowWorld } from '../tasks/testing.ts';
import { BY, createCases, FLOW, gateway, GO, type Cases } from './testing.ts';

const back = { actions: 'return', returnTo: 'accept' };
/** accept > (check | other), in a sub-process. */
const IN_SUB = {
  ...FLOW,
  model: [
    start,
    user('accept', 'cma.acceptance', GO),
    '<bpmn:subProcess id="sub" name="审查"><bpmn:startEvent id="subStart" name="开始" />',
    gateway('parallel', 'fork') + gateway('parallel', 'join'),
    user('check', 'cma.acceptance', GO, back) + user('other', 'cma.acceptance', GO, back),
    '<bpmn:endEvent id="subEnd" name="结束" />',
    `${path('subStart fork check join subEnd')}${path('fork other join')}</bpmn:subProcess>`,
    end('done'),
    path('start accept sub done'),
  ].join(''),
};

describe('returns', function () {
  this.timeout(120_000);
  let world: FlowWorld;
  let cases: Cases;
  /** What happens once between the request of a move and its execution. */
  let meanwhile: (() => Promise<unknown>) | null = null;
  before(async () => {
    const failpoints = {
      async hit(name: string): Promise<void> {
        const act = name === 'command.move.before' ? meanwhile : null;
        if (act) meanwhile = null;
        await act?.();
      },
    };
    world = await openFlowWorld('returns-test', FLOW, { failpoints });
    cases = createCases(world);
    await world.person('承办', '520102', ['cma.acceptance']);
  });
  after(() => world.close());

  const refusedWith = (code: string) => (error: Refusal) => error.code === code;

  it('show what ends, stays and begins, and refuse the step of another branch [PLT-1.3]', async () => {
    const caseId = await cases.begin('accept first');
    const [, other] = await cases.targets(caseId, 'legal');
    assert.equal(other!.reason?.zh, '「first」在并行的另一分支里，不能从这里退回');
    const legal = await world.task('承办', caseId, 'legal');
    await (await world.as('承办')).send('POST', `/tasks/${legal.id}/claim`);
    const [toAccept, toFirst, toLegal] = await cases.targets(caseId, 'tech');
    assert.deepEqual(
      toAccept!.effects.map(({ kind, step }) => `${kind} ${step}`),
      ['cancel legal', 'cancel tech', 'start accept', 'clock null', 'tell null'],
    );
    assert.deepEqual(
      toFirst!.effects.map(({ kind, step }) => `${kind} ${step}`),
      ['cancel tech', 'keep legal', 'start first', 'clock null'],
    );
    const [timer, told] = toAccept!.effects.slice(-2);
    assert.deepEqual([timer!.what.zh, timer!.note!.zh], ['late', '到期处理取消']);
    assert.deepEqual([told!.what.zh, told!.who, told!.note!.zh], ['legal', '承办', '意见留作草稿']);
    assert.deepEqual([toLegal!.enabled, toLegal!.reason?.zh], [false, '这一步还没有办过']);
    const { offers } = await world.task(BY, caseId, 'tech');
    assert.ok(offers.some(({ action, enabled }) => action === 'return' && enabled));
  });

  it('replayed, are answered anew, with no token left to fire the join early; drafts and limits come again [PLT-1.3] [PLT-5.2]', async () => {
    const caseId = await cases.begin('accept legal first');
    const task = await world.task(BY, caseId, 'tech');
    const client = await world.as(BY);
    await client.send('PUT', `/tasks/${task.id}/opinion`, { opinion: '已核对一半' });
    await cases.sendBack(caseId, 'tech', { to: 'accept' });
    assert.deepEqual(await cases.open(caseId), ['accept']);
    assert.deepEqual(
      (await cases.answers(caseId)).map((d) => `${d.step} ${d.void}`),
      ['accept true', 'legal true', 'first true'],
    );
    await cases.decide(caseId, 'accept first');
    const again = await world.task(BY, caseId, 'tech');
    assert.equal(again.draft?.opinion, '已核对一半');
    const jobs = await world.core.db('clock_timer').where({ case_id: caseId, boundary: 'late' }).whereNull('ended_tx');
    assert.equal(jobs.length, 1);
    const clock = await world.core.db('clock').where({ case_id: caseId, state: 'running' }).first();
    assert.equal(clock.id, 'step:tech:2');
    assert.equal(new Date(jobs[0].due).toISOString().slice(0, 10), clock.due_on);
    await cases.decide(caseId, 'tech');
    assert.deepEqual(await cases.open(caseId), ['legal'], 'the join waits for both branches');
    await cases.decide(caseId, 'legal rule');
    assert.equal((await world.view(BY, caseId)).result, 'done');
  });

  it('inside one branch leave the other alone, also what waits at the join [PLT-1.3]', async () => {
    const caseId = await cases.begin('accept legal first');
    await cases.sendBack(caseId, 'tech', { to: 'first' });
    assert.deepEqual(await cases.open(caseId), ['first']);
    await cases.decide(caseId, 'first tech');
    assert.deepEqual(await cases.open(caseId), ['rule']);
  });

  it('into a branch behind its join keep what the other branch did [PLT-1.3]', async () => {
    const caseId = await cases.begin('accept legal first tech');
    const [, toTech] = await cases.targets(caseId, 'rule');
    const [limit, timer] = toTech!.effects.filter(({ kind }) => kind === 'clock');
    await cases.sendBack(caseId, 'rule', { to: 'tech' });
    const { due_on: due } = await world.core.db('clock').where({ case_id: caseId, id: 'step:tech:2' }).first();
    assert.deepEqual([limit!.what.zh, limit!.note!.zh], ['tech期限', `自次日起算，${due} 到期`]);
    assert.deepEqual([timer!.what.zh, timer!.note!.zh], ['late', `到期处理定在 ${due} 终了`]);
    assert.deepEqual(await cases.open(caseId), ['tech']);
    await cases.decide(caseId, 'tech');
    assert.deepEqual(await cases.open(caseId), ['rule']);
  });

  it('name each item to correct where the step changes a form; whoever sent it back sees them again [PLT-1.3]', async () => {
    const caseId = await cases.begin('accept first');
    assert.deepEqual(
      (await cases.targets(caseId, 'tech')).map(({ form }) => form),
      [null, 'report', null],
    );
    const pins = [{ path: 'name', item: '名称', reason: '写全称' }];
    const pinned = async (step: string) => (await world.task(BY, caseId, step)).pins;
    assert.deepEqual(await pinned('tech'), []);
    await cases.sendBack(caseId, 'tech', { to: 'first', mode: 'straight-back', pins });
    assert.deepEqual(await pinned('first'), pins);
    await cases.decide(caseId, 'first');
    assert.deepEqual(await pinned('tech'), pins);
  });

  it('leave closed what a step may not change [PLT-4.3]', async () => {
    const caseId = await cases.begin('accept first');
    const client = await world.as(BY);
    const form = `/forms/${caseId}/report`;
    const save = async (set: object) => {
      const { edits } = await client.get<{ edits: number }>(form);
      return client.send('PATCH', form, { edits, set });
    };
    const closed = ({ code }: Refusal) => ['locked', 'form-read-only'].includes(code);
    await assert.rejects(save({ name: '改' }), closed, 'no open step changes the form');
    const pins = [{ path: 'applied', item: '申请时所填', reason: '核对' }];
    await cases.sendBack(caseId, 'tech', { to: 'first', pins });
    await assert.rejects(save({ applied: '改' }), closed, 'read-only at the step, pinned or not');
    await save({ name: '改' });
    await cases.decide(caseId, 'first');
    await assert.rejects(save({ name: '再改' }), closed, 'tech changes nothing');
  });

  it('planned on a case that has moved on are shown anew [PLT-1.3]', async () => {
    const caseId = await cases.begin('accept first');
    const [toAccept] = await cases.targets(caseId, 'tech');
    await world.decide('承办', caseId, 'legal', { outcome: 'go' });
    const outdated = cases.sendBack(caseId, 'tech', { to: 'accept', plan: toAccept!.plan });
    await assert.rejects(outdated, (error: Refusal) => {
      assert.equal(error.code, 'tree-changed');
      assert.match(error.message, /\d\d:\d\d 承办（.*）在「legal」作出「go」/);
      return true;
    });
    assert.deepEqual(await cases.open(caseId), ['tech']);
    await cases.sendBack(caseId, 'tech', { to: 'accept', plan: (await cases.targets(caseId, 'tech'))[0]!.plan });
    assert.deepEqual(await cases.open(caseId), ['accept']);
  });

  it('say in the time line who sent what back, why, and what it ended and kept [PLT-8.1]', async () => {
    const caseId = await cases.begin('accept first');
    await cases.sendBack(caseId, 'tech', { to: 'first' });
    const { entries } = await (await world.as(BY)).get<{ entries: { zh: string }[] }>(`/cases/${caseId}/timeline`);
    const said = entries.find(({ zh }) => zh.includes('退回到「first」'))!;
    assert.match(said.zh, /理由：材料不全。取消：tech。保留：legal。/);
  });

  it('begin limit and timer of the step anew, also where the timer has fired before [PLT-5.5]', async () => {
    const caseId = await cases.begin('accept legal first');
    const { db, engine } = world.core;
    const timers = () => db('clock_timer').where({ case_id: caseId, boundary: 'late' }).orderBy('due');
    const [first] = await timers();
    const { engine_instance_id: instanceId } = await db('case').where({ id: caseId }).first();
    world.time.advanceTo(new Date(first.due.getTime() + 60_000));
    const due = await engine.jobs({ instanceId, kind: 'timer', dueUntil: first.due });
    for (const { id } of due) await engine.executeJob(id);
    await world.quiet();
    assert.notEqual((await timers())[0].ended_tx, null, 'the timer has fired');
    await cases.sendBack(caseId, 'tech', { to: 'first' });
    await cases.decide(caseId, 'first');
    const [, again] = await timers();
    assert.ok(again.due > first.due);
    const jobs = await engine.jobs({ instanceId, kind: 'timer' });
    assert.deepEqual(
      jobs.map(({ due }) => due),
      [again.due],
    );
    const { due_on: dueOn } = await db('clock').where({ case_id: caseId, state: 'running' }).first();
    assert.equal(again.due.toISOString().slice(0, 10), dueOn);
  });

  it('that the engine refuses for good are reported with a code and undone: nothing is void, a second try goes through [PLT-1.3, PLT-11.1]', async () => {
    const { db } = world.core;
    const caseId = await cases.begin('accept legal first');
    meanwhile = () =>
      db('move')
        .where({ case_id: caseId })
        .update({ plan: db.raw(`jsonb_set(plan, '{start,0,activityId}', '"nowhere"')`) });
    await assert.rejects(cases.sendBack(caseId, 'tech', { to: 'accept' }), (error: Refusal) => {
      assert.equal(error.code, 'move-blocked');
      assert.match(error.message, /没有办成，已报运维 E-/);
      return true;
    });
    await world.quiet();
    assert.deepEqual(await cases.open(caseId), ['tech']);
    assert.ok((await cases.answers(caseId)).every((d) => !d.void));
    const { entries } = await (await world.as(BY)).get<{ entries: { zh: string }[] }>(`/cases/${caseId}/timeline`);
    assert.ok(entries.some(({ zh }) => /上述变动没有办成，已报运维 E-/.test(zh)));
    await cases.sendBack(caseId, 'tech', { to: 'accept' });
    assert.deepEqual(await cases.open(caseId), ['accept']);
  });

  it('overtaken between click and execution are not carried out, and the file says so [PLT-1.3]', async () => {
    const caseId = await cases.begin('accept legal first');
    const { id } = await world.task(BY, caseId, 'tech');
    meanwhile = () => world.core.engine.complete(id, { tech_outcome: 'go' });
    await assert.rejects(cases.sendBack(caseId, 'tech', { to: 'accept' }), refusedWith('tree-changed'));
    await world.quiet();
    assert.deepEqual(await cases.open(caseId), ['rule']);
    assert.ok((await cases.answers(caseId)).every((d) => !d.void));
    const { entries } = await (await world.as(BY)).get<{ entries: { zh: string }[] }>(`/cases/${caseId}/timeline`);
    assert.ok(entries.some(({ zh }) => /上述变动没有执行：流程已先有变化/.test(zh)));
  });

  it('out of a sub-process tell who held another step in it, and what ended it [PLT-1.3]', async () => {
    await world.release(IN_SUB);
    const caseId = await cases.begin('accept');
    const other = await world.task('承办', caseId, 'other');
    const theirs = await world.as('承办');
    await theirs.send('POST', `/tasks/${other.id}/claim`);
    const [toAccept] = await cases.targets(caseId, 'check');
    assert.deepEqual(
      toAccept!.effects.map(({ kind, what, who, note }) => [kind, what.zh, who, note?.zh]),
      [
        ['cancel', 'check', null, '随「审查」取消'],
        ['cancel', 'other', '承办', '随「审查」取消'],
        ['start', 'accept', toAccept!.effects[2]!.who, undefined],
        ['tell', 'other', '承办', '意见留作草稿'],
      ],
    );
    await cases.sendBack(caseId, 'check', { to: 'accept' });
    const late = theirs.send('POST', `/tasks/${other.id}/decision`, { version: other.version + 1, outcome: 'go' });
    await assert.rejects(late, /别人先办了：\d\d:\d\d .+在「check」退回到「accept」。理由：材料不全/);
  });
});
