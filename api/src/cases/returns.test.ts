import assert from 'node:assert/strict';
import type { z } from 'zod';
import type { DoneRow as DoneSchema, ReturnTarget } from '../../../contracts/api/index.ts';
import { Refusal } from '../scenarios/client.ts';
import { end, openFlowWorld, outcome, path, start, user, type FlowWorld } from '../tasks/testing.ts';

type DoneRow = z.infer<typeof DoneSchema>;

const go = [outcome('go', { kind: 'primary' }), outcome('other')];
const gateway = (kind: string, id: string, way = '') => `<bpmn:${kind}Gateway id="${id}" name="${id}" ${way} />`;

/**
 * accept > (legal | first > tech with a limit and its timer) > rule; both branches and rule may send back. `rule` may
 * also have all of it done once more.
 */
const FLOW = {
  flow: { form: 'report', start: { roles: ['cma.acceptance'] } },
  forms: {
    report: [
      { type: 'textfield', key: 'name', label: '名称' },
      { type: 'textfield', key: 'applied', label: '申请时所填', readonly: '=step = "first"' },
    ],
  },
  model: [
    start,
    gateway('exclusive', 'begun'),
    user('accept', 'cma.acceptance', go, { actions: 'take-back' }),
    gateway('parallel', 'fork'),
    user('legal', 'cma.acceptance', go, { actions: 'return', returnTo: 'accept,first' }),
    user('first', 'cma.acceptance', go, { edits: 'report' }),
    user('tech', 'cma.acceptance', go, { limit: 'P5WD', actions: 'return', returnTo: 'accept,first,legal' }),
    '<bpmn:boundaryEvent id="late" name="late" attachedToRef="tech" cancelActivity="false"><bpmn:timerEventDefinition id="lateTimer" /></bpmn:boundaryEvent>',
    end('lateEnd'),
    gateway('parallel', 'join'),
    user('rule', 'cma.acceptance', go, { actions: 'return', returnTo: 'accept,tech' }),
    gateway('exclusive', 'ruled', 'default="ruled-done"'),
    end('done'),
    path('start begun accept fork legal join rule ruled done'),
    path('fork first tech join'),
    `<bpmn:sequenceFlow id="anew" name="anew" sourceRef="ruled" targetRef="begun"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">\${rule_outcome == 'other'}</bpmn:conditionExpression></bpmn:sequenceFlow>`,
    path('late lateEnd'),
  ].join(''),
};
const BY = '南明区受理岗';

/** accept > check, which a timer ends > rule > what check said. The ruling's limit runs from what check concluded last. */
const CONCLUDED = {
  ...FLOW,
  flow: {
    ...FLOW.flow,
    clocks: [
      {
        id: 'ruling',
        title: { zh: '决定期限', en: 'Ruling' },
        basis: '《办法》',
        limit: 'P10WD',
        from: ['outcome:check=go', 'outcome:check=other', 'boundary:gone'],
        until: ['outcome:rule=go', 'entered:check'],
        again: true,
      },
    ],
  },
  model: [
    start,
    user('accept', 'cma.acceptance', go),
    user('check', 'cma.acceptance', go, { limit: 'P3WD' }),
    '<bpmn:boundaryEvent id="gone" name="gone" attachedToRef="check"><bpmn:timerEventDefinition id="goneTimer" /></bpmn:boundaryEvent>',
    gateway('exclusive', 'checked'),
    user('rule', 'cma.acceptance', go, { actions: 'return', returnTo: 'check' }),
    gateway('exclusive', 'ruled', 'default="ruled-done"'),
    user('extra', 'cma.acceptance', go),
    end('done'),
    end('extraDone'),
    path('start accept check checked rule ruled done'),
    path('gone checked'),
    `<bpmn:sequenceFlow id="more" name="more" sourceRef="ruled" targetRef="extra"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">\${check_outcome == 'other'}</bpmn:conditionExpression></bpmn:sequenceFlow>`,
    path('extra extraDone'),
  ].join(''),
};

describe('returns', function () {
  this.timeout(120_000);
  let world: FlowWorld;
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
    await world.person('承办', '520102', ['cma.acceptance']);
  });
  after(() => world.close());

  const decide = async (caseId: string, steps: string, decision: object = { outcome: 'go' }) => {
    for (const step of steps.split(' ')) await world.decide(BY, caseId, step, decision);
  };
  const begin = async (steps: string) => {
    const caseId = await world.start(BY, { name: '试验' });
    await decide(caseId, steps);
    return caseId;
  };
  const open = async (caseId: string) => (await world.view(BY, caseId)).tasks.map((task) => task.step).sort();
  const targets = async (caseId: string, step: string) => {
    const task = await world.task(BY, caseId, step);
    const client = await world.as(BY);
    return (await client.get<{ targets: ReturnTarget[] }>(`/tasks/${task.id}/returns`)).targets;
  };
  const sendBack = async (caseId: string, step: string, body: object) => {
    const task = await world.task(BY, caseId, step);
    const client = await world.as(BY);
    const answer = await client.send<{ state: string }>('POST', `/tasks/${task.id}/return`, {
      reason: '材料不全',
      ...body,
    });
    await world.quiet();
    return answer;
  };
  const answers = (caseId: string) =>
    world.core
      .db('decision')
      .where({ case_id: caseId, state: 'done' })
      .orderBy('decided_at')
      .select('step', 'outcome', world.core.db.raw('voided_by is not null as void'));
  const refusedWith = (code: string) => (error: Refusal) => error.code === code;

  it('show what ends, stays and begins, and refuse the step of another branch [PLT-1.3]', async () => {
    const caseId = await begin('accept first');
    const [, other] = await targets(caseId, 'legal');
    assert.equal(other!.reason?.zh, '「first」在并行的另一分支里，不能从这里退回');
    const legal = await world.task('承办', caseId, 'legal');
    await (await world.as('承办')).send('POST', `/tasks/${legal.id}/claim`);
    const [toAccept, toFirst, toLegal] = await targets(caseId, 'tech');
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
    const caseId = await begin('accept legal first');
    const task = await world.task(BY, caseId, 'tech');
    const client = await world.as(BY);
    await client.send('PUT', `/tasks/${task.id}/opinion`, { opinion: '已核对一半' });
    await sendBack(caseId, 'tech', { to: 'accept' });
    assert.deepEqual(await open(caseId), ['accept']);
    assert.deepEqual(
      (await answers(caseId)).map((d) => `${d.step} ${d.void}`),
      ['accept true', 'legal true', 'first true'],
    );
    await decide(caseId, 'accept first');
    const again = await world.task(BY, caseId, 'tech');
    assert.equal(again.draft?.opinion, '已核对一半');
    const jobs = await world.core.db('clock_timer').where({ case_id: caseId, boundary: 'late' }).whereNull('ended_tx');
    assert.equal(jobs.length, 1);
    const clock = await world.core.db('clock').where({ case_id: caseId, state: 'running' }).first();
    assert.equal(clock.id, 'step:tech:2');
    assert.equal(new Date(jobs[0].due).toISOString().slice(0, 10), clock.due_on);
    await decide(caseId, 'tech');
    assert.deepEqual(await open(caseId), ['legal'], 'the join waits for both branches');
    await decide(caseId, 'legal rule');
    assert.equal((await world.view(BY, caseId)).result, 'done');
  });

  it('inside one branch leave the other alone, also what waits at the join [PLT-1.3]', async () => {
    const caseId = await begin('accept legal first');
    await sendBack(caseId, 'tech', { to: 'first' });
    assert.deepEqual(await open(caseId), ['first']);
    await decide(caseId, 'first tech');
    assert.deepEqual(await open(caseId), ['rule']);
  });

  it('into a branch behind its join keep what the other branch did [PLT-1.3]', async () => {
    const caseId = await begin('accept legal first tech');
    const [, toTech] = await targets(caseId, 'rule');
    const [limit, timer] = toTech!.effects.filter(({ kind }) => kind === 'clock');
    await sendBack(caseId, 'rule', { to: 'tech' });
    const { due_on: due } = await world.core.db('clock').where({ case_id: caseId, id: 'step:tech:2' }).first();
    assert.deepEqual([limit!.what.zh, limit!.note!.zh], ['tech期限', `自次日起算，${due} 到期`]);
    assert.deepEqual([timer!.what.zh, timer!.note!.zh], ['late', `到期处理定在 ${due} 终了`]);
    assert.deepEqual(await open(caseId), ['tech']);
    await decide(caseId, 'tech');
    assert.deepEqual(await open(caseId), ['rule']);
  });

  it('go straight back with the same answer, and everything that was given stands [PLT-1.3]', async () => {
    const caseId = await begin('accept legal first');
    await sendBack(caseId, 'tech', { to: 'accept', mode: 'straight-back' });
    assert.deepEqual(await open(caseId), ['accept']);
    const { state } = await world.decide(BY, caseId, 'accept', { outcome: 'go', opinion: '已补' });
    assert.equal(state, 'done');
    assert.deepEqual(await open(caseId), ['tech']);
    assert.ok((await answers(caseId)).every((d) => !d.void));
    await decide(caseId, 'tech rule');
    assert.equal((await world.view(BY, caseId)).result, 'done');
  });

  it('replayed after they went straight back make void also what was answered before the correction [PLT-1.3]', async () => {
    const caseId = await begin('accept legal first');
    await sendBack(caseId, 'tech', { to: 'accept', mode: 'straight-back' });
    await decide(caseId, 'accept');
    await sendBack(caseId, 'tech', { to: 'accept' });
    assert.deepEqual(
      (await answers(caseId)).map((d) => `${d.step} ${d.void}`),
      ['accept true', 'legal true', 'first true', 'accept true'],
    );
    await decide(caseId, 'accept legal first tech rule');
    assert.equal((await world.view(BY, caseId)).result, 'done');
  });

  it('name each item to correct where the step changes a form; whoever sent it back sees them again [PLT-1.3]', async () => {
    const caseId = await begin('accept first');
    assert.deepEqual(
      (await targets(caseId, 'tech')).map(({ form }) => form),
      [null, 'report', null],
    );
    const pins = [{ path: 'name', item: '名称', reason: '写全称' }];
    const pinned = async (step: string) => (await world.task(BY, caseId, step)).pins;
    assert.deepEqual(await pinned('tech'), []);
    await sendBack(caseId, 'tech', { to: 'first', mode: 'straight-back', pins });
    assert.deepEqual(await pinned('first'), pins);
    await decide(caseId, 'first');
    assert.deepEqual(await pinned('tech'), pins);
  });

  it('sent back again by who has to correct, go straight back one after another [PLT-1.3]', async () => {
    const caseId = await begin('accept legal first tech');
    await sendBack(caseId, 'rule', { to: 'tech', mode: 'straight-back' });
    await sendBack(caseId, 'tech', { to: 'first', mode: 'straight-back' });
    await decide(caseId, 'first');
    assert.deepEqual(await open(caseId), ['tech']);
    await decide(caseId, 'tech');
    assert.deepEqual(await open(caseId), ['rule']);
    assert.ok((await answers(caseId)).every((d) => !d.void));
    await decide(caseId, 'rule');
    assert.equal((await world.view(BY, caseId)).result, 'done');
  });

  it('leave closed what a step may not change [PLT-4.3]', async () => {
    const caseId = await begin('accept first');
    const client = await world.as(BY);
    const form = `/forms/${caseId}/report`;
    const save = async (set: object) => {
      const { edits } = await client.get<{ edits: number }>(form);
      return client.send('PATCH', form, { edits, set });
    };
    const closed = ({ code }: Refusal) => ['locked', 'form-read-only'].includes(code);
    await assert.rejects(save({ name: '改' }), closed, 'no open step changes the form');
    const pins = [{ path: 'applied', item: '申请时所填', reason: '核对' }];
    await sendBack(caseId, 'tech', { to: 'first', pins });
    await assert.rejects(save({ applied: '改' }), closed, 'read-only at the step, pinned or not');
    await save({ name: '改' });
    await decide(caseId, 'first');
    await assert.rejects(save({ name: '再改' }), closed, 'tech changes nothing');
  });

  it('with another answer are replayed from there [PLT-1.3]', async () => {
    const caseId = await begin('accept legal first');
    await sendBack(caseId, 'tech', { to: 'accept', mode: 'straight-back' });
    await decide(caseId, 'accept', { outcome: 'other' });
    assert.deepEqual(await open(caseId), ['first', 'legal']);
    assert.deepEqual(
      (await answers(caseId)).map((d) => `${d.step} ${d.void}`),
      ['accept true', 'legal true', 'first true', 'accept false'],
    );
  });

  it('show a decision to be taken back with what that ends, and anew where the case has moved on [PLT-1.4]', async () => {
    const caseId = await world.start(BY, { name: '试验' });
    const { decisionId } = await world.decide(BY, caseId, 'accept', { outcome: 'go' });
    const client = await world.as(BY);
    const path = `/decisions/${decisionId}/take-back`;
    const shown = await client.get<{ plan: string; effects: ReturnTarget['effects'] }>(path);
    assert.deepEqual(
      shown.effects.map(({ kind, step, who }) => [kind, step, who]),
      [
        ['cancel', 'legal', null],
        ['cancel', 'first', null],
        ['start', 'accept', shown.effects.at(-1)!.who],
      ],
    );
    await assert.rejects(client.send('POST', path, { plan: 'an older tree' }), refusedWith('tree-changed'));
    await client.send('POST', path, { plan: shown.plan });
    await world.quiet();
    assert.deepEqual(await open(caseId), ['accept']);
  });

  it('planned on a case that has moved on are shown anew [PLT-1.3]', async () => {
    const caseId = await begin('accept first');
    const [toAccept] = await targets(caseId, 'tech');
    await world.decide('承办', caseId, 'legal', { outcome: 'go' });
    const outdated = sendBack(caseId, 'tech', { to: 'accept', plan: toAccept!.plan });
    await assert.rejects(outdated, (error: Refusal) => {
      assert.equal(error.code, 'tree-changed');
      assert.match(error.message, /\d\d:\d\d 承办（.*）在「legal」作出「go」/);
      return true;
    });
    assert.deepEqual(await open(caseId), ['tech']);
    await sendBack(caseId, 'tech', { to: 'accept', plan: (await targets(caseId, 'tech'))[0]!.plan });
    assert.deepEqual(await open(caseId), ['accept']);
  });

  it('take a decision back until the next one has opened it, with its text as a draft [PLT-1.4]', async () => {
    const caseId = await world.start(BY, { name: '试验' });
    const { decisionId } = await world.decide(BY, caseId, 'accept', { outcome: 'go', opinion: '同意受理' });
    const client = await world.as(BY);
    const offered = async (decision: string) => {
      const { rows } = await client.get<{ rows: DoneRow[] }>('/done');
      return rows.find((row) => row.decisionId === decision)!.offers.map((o) => `${o.action} ${o.reason?.zh ?? ''}`);
    };
    assert.deepEqual(await offered(decisionId), ['take-back ']);
    await client.send('POST', `/decisions/${decisionId}/take-back`);
    await world.quiet();
    assert.deepEqual(await offered(decisionId), []);
    assert.deepEqual(await open(caseId), ['accept']);
    assert.equal((await world.task(BY, caseId, 'accept')).draft?.opinion, '同意受理');
    const again = await world.decide(BY, caseId, 'accept', { outcome: 'go' });
    const legal = await world.task(BY, caseId, 'legal');
    await (await world.as('承办')).send('POST', `/tasks/${legal.id}/claim`);
    await assert.rejects(client.send('POST', `/decisions/${again.decisionId}/take-back`), refusedWith('not-now'));
    assert.deepEqual(await offered(again.decisionId), ['take-back 「legal」已有人打开']);
    assert.deepEqual(await open(caseId), ['first', 'legal']);
  });

  it('say in the time line who sent what back, why, and what it ended and kept [PLT-8.1]', async () => {
    const caseId = await begin('accept first');
    await sendBack(caseId, 'tech', { to: 'first' });
    const { entries } = await (await world.as(BY)).get<{ entries: { zh: string }[] }>(`/cases/${caseId}/timeline`);
    const said = entries.find(({ zh }) => zh.includes('退回到「first」'))!;
    assert.match(said.zh, /理由：材料不全。取消：tech。保留：legal。/);
  });

  it('begin limit and timer of the step anew, also where the timer has fired before [PLT-5.5]', async () => {
    const caseId = await begin('accept legal first');
    const { db, engine } = world.core;
    const timers = () => db('clock_timer').where({ case_id: caseId, boundary: 'late' }).orderBy('due');
    const [first] = await timers();
    const { engine_instance_id: instanceId } = await db('case').where({ id: caseId }).first();
    world.time.advanceTo(new Date(first.due.getTime() + 60_000));
    const due = await engine.jobs({ instanceId, kind: 'timer', dueUntil: first.due });
    for (const { id } of due) await engine.executeJob(id);
    await world.quiet();
    assert.notEqual((await timers())[0].ended_tx, null, 'the timer has fired');
    await sendBack(caseId, 'tech', { to: 'first' });
    await decide(caseId, 'first');
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
    const caseId = await begin('accept legal first');
    meanwhile = () =>
      db('move')
        .where({ case_id: caseId })
        .update({ plan: db.raw(`jsonb_set(plan, '{start,0,activityId}', '"nowhere"')`) });
    await assert.rejects(sendBack(caseId, 'tech', { to: 'accept' }), (error: Refusal) => {
      assert.equal(error.code, 'move-blocked');
      assert.match(error.message, /没有办成，已报运维 E-/);
      return true;
    });
    await world.quiet();
    assert.deepEqual(await open(caseId), ['tech']);
    assert.ok((await answers(caseId)).every((d) => !d.void));
    const { entries } = await (await world.as(BY)).get<{ entries: { zh: string }[] }>(`/cases/${caseId}/timeline`);
    assert.ok(entries.some(({ zh }) => /上述变动没有办成，已报运维 E-/.test(zh)));
    await sendBack(caseId, 'tech', { to: 'accept' });
    assert.deepEqual(await open(caseId), ['accept']);
  });

  it('overtaken between click and execution are not carried out, and the file says so [PLT-1.3]', async () => {
    const caseId = await begin('accept legal first');
    const { id } = await world.task(BY, caseId, 'tech');
    meanwhile = () => world.core.engine.complete(id, { tech_outcome: 'go' });
    await assert.rejects(sendBack(caseId, 'tech', { to: 'accept' }), refusedWith('tree-changed'));
    await world.quiet();
    assert.deepEqual(await open(caseId), ['rule']);
    assert.ok((await answers(caseId)).every((d) => !d.void));
    const { entries } = await (await world.as(BY)).get<{ entries: { zh: string }[] }>(`/cases/${caseId}/timeline`);
    assert.ok(entries.some(({ zh }) => /上述变动没有执行：流程已先有变化/.test(zh)));
  });

  describe('behind a step whose conclusion counts', () => {
    before(() => world.release(CONCLUDED));

    const ruling = (caseId: string) =>
      world.core.db('clock').where({ case_id: caseId, id: 'ruling' }).first('state', 'due_on');
    const later = (days: number) => world.time.advanceTo(new Date(world.time.now().getTime() + days * 86_400_000));

    it('begin the limit of the next step again from the answer that goes straight back [PLT-1.3, PLT-5.2]', async () => {
      const caseId = await begin('accept check');
      const first = await ruling(caseId);
      later(8);
      await sendBack(caseId, 'rule', { to: 'check', mode: 'straight-back' });
      assert.equal((await ruling(caseId)).state, 'ended', 'there is no conclusion while it is corrected');
      later(7);
      await decide(caseId, 'check');
      assert.deepEqual(await open(caseId), ['rule']);
      const again = await ruling(caseId);
      assert.ok(again.due_on > first.due_on);
      assert.deepEqual(
        again,
        await ruling(await begin('accept check')),
        'as where it was concluded today for the first time',
      );
    });

    it('to a step that its timer ends go no way back: what they undid is void and steers nothing [PLT-1.3, PLT-5.5]', async () => {
      const caseId = await begin('accept');
      await decide(caseId, 'check', { outcome: 'other' });
      await sendBack(caseId, 'rule', { to: 'check', mode: 'straight-back' });
      assert.ok((await answers(caseId)).every((d) => !d.void));
      const { db, engine } = world.core;
      const timer = await db('clock_timer').where({ case_id: caseId, boundary: 'gone' }).whereNull('ended_tx').first();
      world.time.advanceTo(new Date(timer.due.getTime() + 60_000));
      await engine.executeJob(timer.job_id);
      await world.quiet();
      assert.deepEqual(await open(caseId), ['rule']);
      assert.deepEqual(
        (await answers(caseId)).map((d) => `${d.step} ${d.void}`),
        ['accept false', 'check true'],
      );
      await decide(caseId, 'rule');
      assert.equal((await world.view(BY, caseId)).result, 'done', 'extra is for cases in which check said other');
    });

    it('that go straight back bring back what the answers steered [PLT-1.3]', async () => {
      const caseId = await begin('accept');
      await decide(caseId, 'check', { outcome: 'other' });
      await sendBack(caseId, 'rule', { to: 'check', mode: 'straight-back' });
      await decide(caseId, 'check', { outcome: 'other' });
      await decide(caseId, 'rule');
      assert.deepEqual(await open(caseId), ['extra']);
    });
  });
});
