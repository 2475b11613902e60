import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BatchView, InboxPage } from '../../../contracts/api/index.ts';
import type { z } from 'zod';
import { createApp } from '../main/app.ts';
import { createClients, type Refusal } from '../scenarios/client.ts';
import { end, openFlowWorld, outcome, path, start, user, type FlowWorld } from '../tasks/testing.ts';

const agree = [outcome('agree', { zh: '同意', kind: 'primary' })];
/** What is batched is `check`; `review` beside it may send the case back, which ends `check`. */
const FLOW = {
  flow: { form: 'report', start: { roles: ['cma.acceptance'] } },
  forms: {
    report: [{ type: 'textfield', key: 'name', label: '名称' }],
    record: [{ type: 'textfield', key: 'found', label: '发现', validate: { required: true } }],
  },
  model: [
    start,
    user('accept', 'cma.acceptance', agree, { edits: 'report' }),
    '<bpmn:parallelGateway id="fork" name="fork" />',
    user(
      'check',
      'cma.acceptance,cma.examine',
      [
        outcome('pass', { zh: '核对通过', kind: 'primary' }),
        outcome('refuse', { zh: '不予通过', needs: ['reason'] }),
        outcome('record', { zh: '记录问题', needs: ['form'] }),
      ],
      { actions: 'transfer, add-sign' },
    ).replace(' camunda:cand', ' camunda:formRef="record" camunda:formRefBinding="deployment" camunda:cand'),
    user('review', 'cma.decide', agree, { actions: 'return', returnTo: 'accept' }),
    '<bpmn:parallelGateway id="join" name="join" />',
    end('done'),
    path('start accept fork check join done'),
    path('fork review join'),
  ].join(''),
};
const BY = '受理岗';
const COLLEAGUE = '审查岗';

describe('batches', function () {
  this.timeout(180_000);
  let world: FlowWorld;
  before(async () => {
    world = await openFlowWorld('batch-test', FLOW);
  });
  after(() => world.close());

  /** Cases that have come to `check`, with the tasks there. */
  async function begin(n: number): Promise<{ cases: string[]; tasks: string[] }> {
    const cases: string[] = [];
    for (let i = 0; i < n; i++) {
      cases.push(await world.start(BY, { name: `试验 ${i}` }));
      await world.decide(BY, cases[i]!, 'accept', { outcome: 'agree' });
    }
    const tasks = await Promise.all(cases.map(async (id) => (await world.task(BY, id, 'check')).id));
    return { cases, tasks };
  }
  const post = async (by: string, at: string, body: object = {}) =>
    (await world.as(by)).send<BatchView>('POST', at, body);
  const check = (tasks: string[], body: object = { act: 'decide', outcome: 'pass' }, by = BY) =>
    post(by, '/batches', { tasks, ...body });
  const get = async (id: string, by = BY) => (await world.as(by)).get<BatchView>(`/batches/${id}`);
  const statesOf = ({ items }: BatchView) => items.map(({ state }) => state);
  const inInbox = async (by: string, task: string) =>
    (await (await world.as(by)).get<z.infer<typeof InboxPage>>('/inbox?limit=100')).rows.some(
      ({ taskId }) => taskId === task,
    );
  /** The end of the hold, and the tick after it. */
  async function pass(seconds: number): Promise<void> {
    world.time.advanceTo(new Date(world.time.now().getTime() + seconds * 1000));
    await world.quiet();
  }
  const decisions = (tasks: string[]) =>
    world.core
      .db('decision')
      .whereIn('task_id', tasks)
      .orderBy('task_id')
      .select('task_id', 'outcome', 'state', 'decided_at');

  it('say for each task before what stands against it, with the reason [PLT-1.6]', async () => {
    const { tasks, cases } = await begin(3);
    await (await world.as(COLLEAGUE)).send('POST', `/tasks/${tasks[1]}/claim`);
    const review = (await world.task(BY, cases[2]!, 'review')).id;
    const batch = await check([...tasks, review, 'nothing']);
    assert.deepEqual(batch.title, { zh: '核对通过', en: 'pass' });
    assert.deepEqual(batch.counts, { ready: 2, refused: 3 });
    assert.deepEqual(
      batch.items.map(({ message }) => message?.zh ?? null),
      [null, '这项待办已由别人签收', null, '这一步没有这个选项', '没有找到，或不在您的管辖范围'],
    );
    assert.equal(batch.items[4]!.case, null);
    const forms = await check(tasks, { act: 'decide', outcome: 'record' });
    assert.equal(forms.items[0]!.message!.zh, '「记录问题」要填表，打开这件办理');
    assert.equal(await inInbox(BY, tasks[0]!), true);
    await assert.rejects(get(batch.id, COLLEAGUE), ({ code }: Refusal) => code === 'not-found');
    await assert.rejects(
      post('申请人', '/batches', { act: 'decide', outcome: 'pass', tasks }),
      ({ status }: Refusal) => status === 403,
    );
  });

  it('are held, out of the reach of others, then sent as of the click, each with its result [PLT-1.6]', async () => {
    const { tasks, cases } = await begin(2);
    const checked = await check(tasks);
    const sent = await post(BY, `/batches/${checked.id}/send`, { opinion: '资料齐全' });
    assert.deepEqual([sent.state, sent.counts], ['held', { held: 2 }]);
    assert.ok(sent.secondsLeft! > 25 && sent.secondsLeft! <= 30);
    assert.deepEqual([await inInbox(BY, tasks[0]!), await inInbox(COLLEAGUE, tasks[0]!)], [false, false]);
    const { rows: mine } = await (await world.as(BY)).get<z.infer<typeof InboxPage>>('/inbox?view=mine');
    assert.deepEqual(
      mine.filter(({ taskId }) => tasks.includes(taskId)).map(({ tags }) => tags[0]!.zh),
      ['待发出', '待发出'],
    );
    await world.quiet();
    assert.deepEqual(await decisions(tasks), []);

    const other = await world.task(COLLEAGUE, cases[0]!, 'check');
    const reason = /^.+正在批量办理，\d\d:\d\d:\d\d 发出$/;
    assert.match(other.offers.find(({ action }) => action === 'decide:pass')!.reason!.zh, reason);
    for (const [at, body] of [
      ['decision', { outcome: 'pass', version: other.version }],
      ['claim', {}],
    ] as const)
      await assert.rejects(
        (await world.as(COLLEAGUE)).send('POST', `/tasks/${tasks[0]}/${at}`, body),
        ({ code, message }: Refusal) => code === 'task-held' && message.includes('正在批量办理'),
      );
    assert.deepEqual(statesOf(await check(tasks, undefined, COLLEAGUE)), ['refused', 'refused']);

    await pass(31);
    const done = await get(checked.id);
    assert.deepEqual([done.state, statesOf(done)], ['sent', ['done', 'done']]);
    for (const { outcome: what, state, decided_at: at } of await decisions(tasks))
      assert.deepEqual([what, state, at.toISOString()], ['pass', 'done', sent.askedAt]);
    const { entries } = await (
      await world.as(BY)
    ).get<{ entries: { action: string; zh: string; opinion: string | null }[] }>(`/cases/${cases[0]}/timeline`);
    const lines = entries.filter(({ zh }) => zh.includes('「check」'));
    assert.match(lines[0]!.zh, /批量办理，提交「核对通过」，留待发出。$/);
    assert.match(lines[1]!.zh, /作出「核对通过」。意见：资料齐全。实际时间：/);
    await assert.rejects(post(BY, `/batches/${checked.id}/undo`), ({ code }: Refusal) => code === 'batch-sent');
  });

  it('wait for those who were added after the decision, and tell who did not agree [PLT-1.5, PLT-1.6]', async () => {
    const { tasks } = await begin(2);
    const confirmer = await world.person('复核人', '52', []);
    for (const id of tasks) {
      const { version } = await world.core.db('task').where({ id }).first('version');
      const body = { kind: 'after', people: [confirmer], reason: '须复核', version };
      await (await world.as(BY)).send('POST', `/tasks/${id}/signs`, body);
    }
    const { id } = await check(tasks);
    await post(BY, `/batches/${id}/send`, { opinion: '已核对' });
    await pass(31);
    const waiting = await get(id);
    assert.deepEqual([waiting.state, waiting.counts], ['sent', { confirming: 2 }]);
    assert.match(waiting.items[0]!.message!.zh, /已提交决定，等复核人加签确认$/);
    const give = async (task: string, body: object) =>
      (await world.as('复核人')).send('POST', `/tasks/${task}/sign`, body);
    await give(tasks[0]!, { agrees: true });
    await give(tasks[1]!, { agrees: false, opinion: '缺附件' });
    await world.quiet();
    const { items } = await get(id);
    assert.deepEqual(
      items.map(({ state, message }) => [state, message?.zh ?? null]),
      [
        ['done', null],
        ['returned', '复核人不同意：缺附件'],
      ],
    );
    assert.equal((await decisions([tasks[0]!]))[0]!.decided_at.toISOString(), waiting.askedAt);
  });

  it('are undone until they are sent, and leave a line [PLT-1.6]', async () => {
    const { tasks, cases } = await begin(2);
    const { id } = await check(tasks, { act: 'decide', outcome: 'refuse' });
    await assert.rejects(post(BY, `/batches/${id}/send`), ({ message }: Refusal) => message.includes('写明理由'));
    await post(BY, `/batches/${id}/send`, { reason: '不符合规定' });
    const again = await post(BY, `/batches/${id}/send`, { reason: '不符合规定' });
    assert.deepEqual(again.counts, { held: 2 });
    const undone = await post(BY, `/batches/${id}/undo`);
    assert.deepEqual([undone.state, statesOf(undone)], ['undone', ['undone', 'undone']]);
    await pass(31);
    assert.deepEqual(await decisions(tasks), []);
    assert.deepEqual([await inInbox(BY, tasks[0]!), await inInbox(COLLEAGUE, tasks[0]!)], [true, true]);
    const { entries } = await (await world.as(BY)).get<{ entries: { zh: string }[] }>(`/cases/${cases[0]}/timeline`);
    assert.match(entries.at(-1)!.zh, /撤销 \d\d:\d\d:\d\d 批量提交的「不予通过」，没有发出。$/);
    await world.decide(COLLEAGUE, cases[0]!, 'check', { outcome: 'pass' });
  });

  it('what somebody else took or did is told for a task that was chosen [PLT-1.6]', async () => {
    const { tasks, cases } = await begin(2);
    const became = async (task: string) =>
      (await (await world.as(BY)).get<{ became: { zh: string } | null }>(`/tasks/${task}/fate`)).became?.zh ?? null;
    assert.equal(await became(tasks[0]!), null);
    await (await world.as(COLLEAGUE)).send('POST', `/tasks/${tasks[0]}/claim`);
    await world.decide(COLLEAGUE, cases[1]!, 'check', { outcome: 'pass' });
    assert.equal(await became(tasks[0]!), '龙景和已签收');
    assert.match((await became(tasks[1]!))!, /^龙景和 \d\d:\d\d 已办「核对通过」$/);
  });

  it('say who was faster, and what may not be done any more, and do the rest [PLT-1.6]', async () => {
    const { tasks, cases } = await begin(3);
    const { id } = await check(tasks);
    await world.decide(COLLEAGUE, cases[0]!, 'check', { outcome: 'pass' });
    const held = await post(BY, `/batches/${id}/send`, { opinion: '已核对' });
    assert.deepEqual(statesOf(held), ['refused', 'held', 'held']);
    assert.match(held.items[0]!.message!.zh, /^龙景和 \d\d:\d\d 已办「核对通过」$/);
    const review = await world.task('决定岗', cases[1]!, 'review');
    const back = { to: 'accept', mode: 'replay', reason: '申请内容有误' };
    await (await world.as('决定岗')).send('POST', `/tasks/${review.id}/return`, back);
    await pass(31);
    const sent = await get(id);
    assert.deepEqual([sent.state, statesOf(sent)], ['sent', ['refused', 'refused', 'done']]);
    assert.match(sent.items[1]!.message!.zh, /^.+ \d\d:\d\d 已退回到「accept」$/);
    await world.task(BY, cases[1]!, 'accept');
  });

  it('refuse at the end who may not act any more; the text is kept for whoever decides [PLT-1.6]', async () => {
    const { tasks, cases } = await begin(1);
    const { id } = await check(tasks);
    await post(BY, `/batches/${id}/send`, { opinion: '已核对' });
    const subject = await world.core.db('institution').first('id');
    const { id: avoidance } = await (
      await world.as(BY)
    ).send<{ id: string }>('POST', '/avoidances', {
      subject: { register: 'institution', id: subject.id },
      ground: '配偶在该机构任职',
      from: '2026-01-01',
      to: '2099-12-31',
    });
    await pass(31);
    const { items } = await get(id);
    assert.deepEqual([items[0]!.state, items[0]!.message!.zh.includes('回避')], ['refused', true]);
    await (await world.as(BY)).send('DELETE', `/avoidances/${avoidance}`);
    const task = await world.task(BY, cases[0]!, 'check');
    assert.deepEqual([task.state, task.draft?.opinion], ['open', '已核对']);
  });

  it('transfer as one alone does, and may be undone too [PLT-1.6]', async () => {
    const { tasks } = await begin(2);
    const { people } = await (
      await world.as(BY)
    ).get<{ people: { id: string; name: string }[] }>(`/tasks/${tasks[0]}/people`);
    const to = people.find(({ name }) => name === '龙景和')!.id;
    const { id, title, needs } = await check(tasks, { act: 'transfer', to });
    assert.deepEqual([title.zh, needs], ['转办给龙景和', ['reason']]);
    await post(BY, `/batches/${id}/send`, { reason: '外出开会' });
    assert.deepEqual(await world.core.db('task').whereIn('id', tasks).pluck('holder'), [null, null]);
    await pass(31);
    assert.deepEqual(statesOf(await get(id)), ['done', 'done']);
    assert.deepEqual(await world.core.db('task').whereIn('id', tasks).pluck('holder'), [to, to]);
    assert.deepEqual(
      (await check(tasks, { act: 'transfer', to })).items.map(({ message }) => message!.zh),
      Array(2).fill('这项待办已由别人签收'),
    );
  });

  it('lose nothing and do nothing twice, wherever a process dies in between [PLT-1.6]', async () => {
    for (const place of [
      'batch.asked.after',
      'batch.hold.after',
      'batch.send.before',
      'decide.commit.after',
      'batch.send.after',
    ]) {
      const { tasks } = await begin(2);
      const { id } = await check(tasks);
      const dying = await openDying(place);
      try {
        const sent = dying.as(BY).then((client) => client.send('POST', `/batches/${id}/send`));
        if (['batch.asked.after', 'batch.hold.after'].includes(place)) await assert.rejects(sent);
        else await sent;
        world.time.advanceTo(new Date(world.time.now().getTime() + 31_000));
        await dying.quiet();
        assert.ok(dying.deaths() > 0, place);
        assert.equal((await told(id)).length, place === 'batch.send.before' ? 2 : 0, place);
      } finally {
        await dying.close();
      }
      // Two copies of the workers at once, then the end of what was held only now.
      await Promise.all([world.quiet(), world.quiet()]);
      await pass(31);
      const batch = await get(id);
      assert.deepEqual([batch.state, statesOf(batch)], ['sent', ['done', 'done']], place);
      assert.deepEqual(await told(id), [], place);
      assert.deepEqual(
        (await decisions(tasks)).map(({ state }) => state),
        ['done', 'done'],
        place,
      );
    }
  });

  /** What the operator is told of a batch that hangs. */
  const told = (id: string): Promise<unknown[]> =>
    world.core.db('incident').where({ kind: 'batch', state: 'open' }).where('ref', 'like', `${id}/%`);

  /** Another copy of the product that fails at one place, as if it died there, until it is closed. */
  async function openDying(place: string) {
    let deaths = 0;
    const hit = (name: string) => {
      if (name !== place) return Promise.resolve();
      deaths += 1;
      return Promise.reject(new Error(`died at ${name}`));
    };
    const app = await createApp({ ...world.core, failpoints: { hit } }, { databaseUrl: world.databaseUrl });
    const server = createServer(app.http).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return {
      as: createClients({ url, people: world.people, quiet: world.quiet }),
      quiet: app.quiet,
      deaths: () => deaths,
      async close() {
        server.close();
        server.closeAllConnections();
        await app.close();
      },
    };
  }
});
