import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { ClockView } from '../../../contracts/api/index.ts';
import type { CompiledFlow, Release } from '../../../contracts/flow.ts';
import type { Who } from '../core/index.ts';
import { addCase, openTestCore, type TestCore } from '../core/testing.ts';
import { createExclusions, createRights } from '../rights/index.ts';
import { initialsOf } from '../search/index.ts';
import { createInbox, createLists, type InboxQuery, type Lists } from '../tasks/index.ts';
import { createWorkingDays } from '../calendar/index.ts';
import { createCaseLists, type CaseLists } from './lists.ts';

const FLOW = {
  flow: { title: { zh: '试验事项', en: 'Test item' } },
  steps: {
    accept: {
      name: { zh: '受理', en: 'Acceptance' },
      outcomes: [{ id: 'agree', zh: '同意', en: 'Agree', needs: [] }],
      actions: [],
    },
  },
  graph: { nodes: [] },
  results: {},
} as unknown as CompiledFlow;
const TODAY = '2026-11-19';
const GUIYANG = 'cma.acceptance@5201';
const PROVINCE = 'cma.acceptance@52*';

describe('lists of tasks and cases', function () {
  this.timeout(20_000);
  let core: TestCore;
  let lists: Lists;
  let cases: CaseLists;
  let release: Release;
  let me: Who;
  let colleague: string;
  let made = 0;

  before(async () => {
    core = await openTestCore();
    core.at(`${TODAY}T09:00:00+08:00`);
    ({ release } = await addCase(core, { package: FLOW, receivedAt: '2026-11-02T09:00:00+08:00' }));
    const calendar = createWorkingDays([{ year: 2026, provisional: false, days: {} }]);
    lists = createLists(core, {
      inbox: createInbox(core, { exclusions: createExclusions(core) }),
      release: () => Promise.resolve(release),
      calendar: { days: () => Promise.resolve(calendar) },
      clocks: { views: () => Promise.resolve(new Map<string, ClockView[]>()) },
      offerTakeBack: () => Promise.resolve(null),
    });
    const { caseScope } = createRights(core);
    cases = createCaseLists(core, { release: () => Promise.resolve(release), days: lists.days, caseScope });
    const person = async (name: string) =>
      (await core.db('person').insert({ name, kind: 'staff', office: '5201' }).returning('id'))[0].id as string;
    colleague = await person('石砚青');
    me = {
      ...{ personId: await person('韦若岚'), name: '韦若岚', login: 'wei', kind: 'staff', institutions: [] },
      grants: [
        { role: 'cma.acceptance', office: '5201', reach: 'own', mayTake: false },
        { role: 'cma.examine', office: '5201', reach: 'own', mayTake: false },
      ],
    };
  });
  beforeEach(async () => {
    for (const table of ['batch', 'task_group', 'decision', 'task', 'task_copy', 'case_watch', 'avoidance'])
      await core.db(table).delete();
    await core.db('case').update({ state: 'closed' });
  });
  after(() => core.close());

  interface Given {
    subject?: string;
    due?: string | null;
    arrived?: string;
    groups?: string[];
    holder?: string;
    starter?: string;
    division?: string;
    priority?: number;
    flow?: string;
    step?: string;
  }
  async function task(given: Given = {}): Promise<{ id: string; caseId: string }> {
    made += 1;
    const [caseId, id] = [randomUUID(), `t${String(made).padStart(4, '0')}`];
    const subject = given.subject ?? '黔测检测有限公司';
    await core.db('case').insert({
      ...{ id: caseId, number: `CMA-2026-${String(made).padStart(5, '0')}`, flow: given.flow ?? 'made-up' },
      ...{ release_id: release.id, title: `${subject} 首次申请`, subject_name: subject, initials: initialsOf(subject) },
      ...{
        subject_id: randomUUID(),
        subject_register: 'institution',
        office: '5201',
        starter: given.starter ?? colleague,
      },
      ...{ division: given.division ?? '520102', priority: given.priority ?? 50, state: 'running' },
      received_at: new Date(`${given.arrived ?? '2026-11-02'}T09:00:00+08:00`),
    });
    await core.db('task').insert({
      ...{ id, case_id: caseId, step: given.step ?? 'accept', name: '受理', visit: 1, holder: given.holder ?? null },
      arrived_at: new Date(`${given.arrived ?? '2026-11-02'}T09:00:00+08:00`),
      due_on: given.due === undefined ? '2026-12-01' : given.due,
    });
    const rows = (given.groups ?? [GUIYANG, PROVINCE]).map((grp) => ({ task_id: id, grp }));
    await core.db('task_group').insert(rows);
    return { id, caseId };
  }
  const ask = (more: Partial<InboxQuery> = {}, who = me) =>
    lists.inbox(who, { view: 'open', sort: 'due', limit: 40, ...more });
  const ids = async (more: Partial<InboxQuery> = {}, who = me) => (await ask(more, who)).rows.map((row) => row.taskId);

  it('a task offered to two of my groups appears and counts once [PLT-1.1]', async () => {
    const { id } = await task({ groups: [GUIYANG, 'cma.examine@5201', PROVINCE] });
    assert.deepEqual(await ids(), [id]);
    assert.equal((await lists.counts(me)).open, 1);
  });

  it('pages through every order without a row lost or twice [PLT-1.1]', async () => {
    const given = await Promise.all(
      Array.from({ length: 11 }, (_, i) =>
        task({
          due: i % 3 ? `2026-11-2${i % 4}` : null,
          arrived: `2026-11-0${1 + (i % 4)}`,
          priority: i % 2 ? 80 : 50,
          groups: [GUIYANG, ...(i % 2 ? ['cma.examine@5201'] : [])],
        }),
      ),
    );
    for (const sort of ['due', 'arrived', 'newest', 'priority'] as const) {
      const whole = await ids({ sort });
      assert.equal(new Set(whole).size, given.length);
      const paged: string[] = [];
      let next: string | null | undefined;
      do {
        const page = await ask({ sort, limit: 3, ...(next && { after: next }) });
        paged.push(...page.rows.map((row) => row.taskId));
        next = page.next;
      } while (next);
      assert.deepEqual(paged, whole, sort);
    }
    const priorities = (await ask({ sort: 'priority' })).rows.map((row) => row.priority);
    assert.deepEqual(
      priorities,
      [...priorities].sort((a, b) => b - a),
    );
    await assert.rejects(ask({ after: '2026-02-30~t1' }), { code: 'invalid' });
    await assert.rejects(ask({ sort: 'priority', after: '2026-11-20~t1' }), { code: 'invalid' });
  });

  it('finds by number, by two characters, by pinyin initials, also of words with several readings [PLT-1.1]', async () => {
    const chongqing = await task({ subject: '重庆岭砚检测有限公司' });
    const other = await task({ subject: '长沙市花溪环境监测站' });
    assert.deepEqual(await ids({ q: '重庆' }), [chongqing.id]);
    assert.deepEqual(await ids({ q: 'cq' }), [chongqing.id]);
    assert.deepEqual(await ids({ q: 'CQLY' }), [chongqing.id]);
    assert.deepEqual(await ids({ q: 'csshx' }), [other.id]);
    assert.deepEqual(await ids({ q: '花溪 监测' }), [other.id]);
    const { number } = (await ask({ q: '花溪' })).rows[0]!;
    assert.deepEqual(await ids({ q: number.toLowerCase() }), [other.id]);
    assert.deepEqual(await ids({ q: '100%' }), []);
  });

  it('filters by flow, step, area with what lies below, days of arrival and deadline [PLT-1.1]', async () => {
    const late = await task({ due: '2026-11-18', division: '520103', arrived: '2026-11-01' });
    const today = await task({ due: TODAY, division: '520300', flow: 'another' });
    const soon = await task({ due: '2026-11-24', step: 'examine' });
    const never = await task({ due: null, arrived: '2026-11-10' });
    assert.deepEqual(await ids(), [late.id, today.id, soon.id, never.id]);
    assert.deepEqual(await ids({ division: '520100' }), [late.id, soon.id, never.id]);
    assert.deepEqual(await ids({ flow: 'another' }), [today.id]);
    assert.deepEqual(await ids({ step: 'examine' }), [soon.id]);
    assert.deepEqual(await ids({ from: '2026-11-10', to: '2026-11-10' }), [never.id]);
    assert.deepEqual(await ids({ to: '2026-11-01' }), [late.id]);
    for (const [due, one] of Object.entries({ overdue: late, today, soon, none: never }))
      assert.deepEqual(await ids({ due: due as InboxQuery['due'] }), [one.id], due);
    const { open, overdue, today: now, soon: near } = await lists.counts(me);
    assert.deepEqual({ open, overdue, now, near }, { open: 4, overdue: 1, now: 1, near: 1 });
  });

  it('counts exactly up to 999 and says that there are more [PLT-1.1]', async () => {
    await core.db.raw(
      `insert into task (id, case_id, step, name, due_on)
       select 'many' || n, (select id from "case" limit 1), 'accept', '受理', date '${TODAY}' + n % 3 - 1 from generate_series(1, 3003) n`,
    );
    await core.db.raw(`insert into task_group (task_id, grp) select id, '${GUIYANG}' from task where id like 'many%'`);
    const { steps: _, ...many } = await lists.counts(me);
    assert.deepEqual(many, { open: 1000, overdue: 1000, today: 1000, soon: 1000 });
    await core.db('task_group').whereRaw(`substr(task_id, 5)::int > 2997`).delete();
    const { steps: __, ...fewer } = await lists.counts(me);
    assert.deepEqual(fewer, { open: 1000, overdue: 999, today: 999, soon: 999 });
  });

  it('leaves out what somebody else has, what is held back, and whom one stays away from [PLT-1.1 PLT-1.7]', async () => {
    const mine = await task({ holder: me.personId });
    await task({ holder: colleague });
    const free = await task();
    const away = await task();
    const { subject_id } = await core.db('case').where({ id: away.caseId }).first();
    const days = { from_day: TODAY, to_day: TODAY, declared_by: me.personId, declared_at: new Date() };
    await core.db('avoidance').insert({ person_id: me.personId, subject_id, ground: '任职', ...days });
    assert.deepEqual(await ids(), [mine.id, free.id]);
    await core.db('task').where({ id: free.id }).update({ state: 'held' });
    const asked = { act: 'decide', title: { zh: '同意', en: 'Agree' }, outcome: 'agree', checked_at: new Date() };
    const [batch] = await core
      .db('batch')
      .insert({ ...asked, person_id: me.personId, state: 'held' })
      .returning('id');
    const item = { batch_id: batch.id, task_id: free.id, case_id: free.caseId, position: 1, version: 1 };
    await core.db('batch_item').insert({ ...item, state: 'held' });
    assert.deepEqual(await ids(), [mine.id]);
    assert.deepEqual(
      (await ask({ view: 'mine' })).rows.map((row) => [row.taskId, row.state]),
      [
        [mine.id, 'open'],
        [free.id, 'held'],
      ],
    );
    assert.equal((await cases.counts(me)).mine, 2);
  });

  it('a deputy sees the tasks of the absent person, within flows and area, with the name [PLT-1.7]', async () => {
    const group = 'cma.ruling@5203';
    const theirs = await task({ groups: [group], division: '520302' });
    await task({ groups: [group], division: '520102' });
    const both = await task({ groups: [group, GUIYANG], division: '520302' });
    const held = await task({ groups: [group], division: '520302', holder: colleague });
    const person = { id: colleague, name: '石砚青' };
    const standsIn = [{ person, grants: [], groups: [group], flows: ['made-up'], divisions: ['5203'] }];
    const { rows } = await ask({}, { ...me, standsIn });
    assert.deepEqual(
      rows.map((row) => [row.taskId, row.for?.name ?? null]),
      [
        [theirs.id, '石砚青'],
        [both.id, null],
        [held.id, '石砚青'],
      ],
    );
    // Neither what the absent person stays away from nor what the deputy does.
    const declare = async (person_id: string, { caseId }: { caseId: string }) => {
      const { subject_id } = await core.db('case').where({ id: caseId }).first();
      const always = { from_day: TODAY, to_day: TODAY, declared_by: person_id, declared_at: new Date() };
      await core.db('avoidance').insert({ person_id, subject_id, ground: '任职', ...always });
    };
    await declare(colleague, theirs);
    await declare(colleague, both);
    await declare(me.personId, held);
    const left = await ask({}, { ...me, standsIn });
    assert.deepEqual(
      left.rows.map((row) => [row.taskId, row.for?.name ?? null]),
      [[both.id, null]],
    );
    assert.equal((await lists.counts({ ...me, standsIn })).open, 1);
  });

  it('a search through very many tasks ends, says so, and goes on from there [PLT-1.1]', async () => {
    const { caseId } = await task({ due: '2026-11-20' });
    await core.db.raw(
      `insert into task (id, case_id, step, name, due_on)
       select 'deep' || n, ?, 'accept', '受理', date '2026-11-21' from generate_series(1, 10100) n`,
      [caseId],
    );
    await core.db.raw(`insert into task_group (task_id, grp) select id, '${GUIYANG}' from task where id like 'deep%'`);
    const last = await task({ due: '2026-12-30', flow: 'rare', subject: '仁怀酒检中心' });
    const first = await ask({ flow: 'rare' });
    assert.deepEqual([first.rows.length, first.capped], [0, true]);
    const second = await ask({ flow: 'rare', after: first.next! });
    assert.deepEqual([second.rows.map((row) => row.taskId), second.capped, second.next], [[last.id], false, null]);
    const words = await ask({ q: '酒检' });
    assert.deepEqual([words.rows.map((row) => row.taskId), words.capped], [[last.id], false]);
  });

  it('the done list is never filtered after paging [PLT-1.1]', async () => {
    const decided: string[] = [];
    for (const [at, subject] of ['毕节', '遵义', '毕节', '遵义', '毕节'].entries()) {
      const { id, caseId } = await task({ subject: `${subject}检测站` });
      const [row] = await core
        .db('decision')
        .insert({
          ...{ task_id: id, case_id: caseId, step: 'accept', outcome: 'agree', state: 'done', person_id: me.personId },
          decided_at: new Date(`2026-11-1${at}T09:00:00+08:00`),
        })
        .returning('id');
      decided.unshift(row.id);
    }
    const first = await lists.done(me, { q: '毕节', limit: 2 });
    assert.deepEqual(
      first.rows.map((row) => row.decisionId),
      [decided[0], decided[2]],
    );
    const second = await lists.done(me, { q: '毕节', limit: 2, after: first.next! });
    assert.deepEqual([second.rows.map((row) => row.decisionId), second.next], [[decided[4]], null]);
    const days = await lists.done(me, { from: '2026-11-11', to: '2026-11-12', limit: 40 });
    assert.deepEqual(
      days.rows.map((row) => row.decisionId),
      [decided[2], decided[3]],
    );
  });

  it('sent, copied and watched cases say where they are now [PLT-1.1]', async () => {
    const started = await task({ starter: me.personId, holder: colleague, arrived: '2026-11-03' });
    const copied = await task({ subject: '安顺检测站' });
    const watched = await task();
    const at = new Date(`${TODAY}T08:00:00+08:00`);
    const about = { task_id: copied.id, case_id: copied.caseId, person_id: me.personId };
    await core.db('task_copy').insert({ ...about, by: colleague, note: '请知悉', at });
    await core.db('case_watch').insert({ person_id: me.personId, case_id: watched.caseId, at });
    await core.db('audit').insert({
      ...{
        chain: copied.caseId,
        sequence: 1,
        case_id: copied.caseId,
        at,
        person_id: me.personId,
        previous: '',
        hash: '',
      },
      ...{ action: 'task.transfer', detail: JSON.stringify({ to: '石砚青', reason: '出差' }) },
    });
    const sent = await cases.page(me, 'sent', { limit: 1 });
    assert.deepEqual(
      sent.rows.map(({ caseId, why, person, note }) => ({ caseId, why, person, note })),
      [{ caseId: copied.caseId, why: 'transfer', person: '石砚青', note: '出差' }],
    );
    const rest = await cases.page(me, 'sent', { limit: 1, after: sent.next! });
    assert.deepEqual(
      rest.rows.map(({ caseId, now }) => ({ caseId, now })),
      [{ caseId: started.caseId, now: [{ stepName: '受理', holder: '石砚青' }] }],
    );
    assert.equal(rest.next, null);
    const [copy] = (await cases.page(me, 'copied', { limit: 9, q: 'asjc' })).rows;
    assert.deepEqual([copy?.unread, copy?.person, copy?.note], [true, '石砚青', '请知悉']);
    assert.equal((await cases.page(me, 'copied', { limit: 9, due: 'overdue' })).rows.length, 0);
    const [seen] = (await cases.page(me, 'watched', { limit: 9, step: 'accept' })).rows;
    assert.deepEqual([seen?.caseId, seen?.dueOn], [watched.caseId, '2026-12-01']);
    assert.match(seen!.now[0]!.holder, /贵阳市/);
    assert.deepEqual(await cases.counts(me), { mine: 0, sent: 2, copied: 1, watched: 1 });
    const elsewhere = { ...me, grants: [] };
    assert.equal((await cases.page(elsewhere, 'watched', { limit: 9 })).rows.length, 0);
  });
});
