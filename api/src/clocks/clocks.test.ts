import assert from 'node:assert/strict';
import type { Release } from '../../../contracts/flow.ts';
import { createAudit } from '../audit/index.ts';
import { createCalendar, type Calendar } from '../calendar/index.ts';
import { addCase, openTestCore, type TestCore } from '../core/testing.ts';
import { createIncidents } from '../engine/index.ts';
import { createClocks, type Clocks } from './index.ts';
import { changes, licence } from './testing.ts';
import { stagesOf } from './warnings.ts';

describe('clocks in the database', function () {
  this.timeout(60_000);
  let core: TestCore;
  let calendar: Calendar;
  let clocks: Clocks;
  let given: { caseId: string; release: Release; institutionId: string };
  const sent: { to: object; title: string; body: string }[] = [];
  const releases = new Map<string, Release>();

  before(async () => {
    core = await openTestCore();
    const incidents = createIncidents(core);
    const audit = createAudit(core);
    calendar = createCalendar(core, { audit, incidents, loaded: async () => {} }).calendar;
    clocks = createClocks(core, {
      calendar,
      audit,
      incidents,
      messages: { send: async (_, message) => void sent.push(message) },
      commands: {
        add: async (trx, { caseId, kind, payload }) => {
          const row = { case_id: caseId, kind, payload: JSON.stringify(payload), created_at: core.time.now() };
          return (await trx('command').insert(row).returning('id'))[0].id;
        },
      },
      forms: { read: async () => ({ data: {} }) },
      decideBySystem: async () => null,
      release: async (id) => releases.get(id)!,
    });
    await core.db.transaction((trx) => calendar.seed(trx));
  });
  after(() => core.close());

  beforeEach(async () => {
    core.at('2026-09-16T09:00:00+08:00');
    given = await addCase(core, { package: licence, receivedAt: '2026-09-16T09:00:00+08:00' });
    releases.set(given.release.id, given.release);
    sent.length = 0;
  });

  const apply = (moment: string, ...written: string[]) =>
    core.db.transaction((trx) => clocks.apply(trx, { ...given, changes: changes(moment, ...written) }));
  const task = async (id: string, step: string, visit = 1, holder?: string) => {
    await core.db('task').insert({ id, case_id: given.caseId, step, name: step, visit, holder });
    await core.db('task_group').insert({ task_id: id, grp: 'cma.acceptance@5201' });
  };
  const dues = async () =>
    Object.fromEntries(
      (await core.db('task').where({ case_id: given.caseId }).orderBy('id')).map((row) => [row.step, row.due_on]),
    );
  const job = (id: string, boundary: string) =>
    core.db('clock_timer').insert({ job_id: id, case_id: given.caseId, boundary, due: '9999-01-01T00:00:00Z' });
  const timers = async () =>
    (await core.db('command').where({ case_id: given.caseId }).orderBy('id')).map(
      ({ payload }) => `${payload.boundary} ${payload.due}`,
    );

  it('writes due days to tasks and group rows, of the earliest clock that runs [PLT-5.1 PLT-1.1]', async () => {
    await task(`a${given.caseId}`, 'acceptance');
    await apply('2026-09-16 09:00', 'entered acceptance');
    assert.deepEqual(await dues(), { acceptance: '2026-09-22' });
    assert.equal(
      (
        await core
          .db('task_group')
          .where({ task_id: `a${given.caseId}` })
          .first()
      ).due_on,
      '2026-09-22',
    );
    await task(`r${given.caseId}`, 'ruling');
    await apply('2026-09-21 10:00', 'outcome acceptance=accept');
    assert.deepEqual(await dues(), { acceptance: '2026-10-26', ruling: '2026-10-26' });
    await apply('2026-10-08 10:00', 'entered technicalReview');
    assert.deepEqual(await dues(), { acceptance: '2026-11-09', ruling: '2026-11-09' }, 'only the review runs');
    await core.db('task').where({ case_id: given.caseId }).update({ ended_at: new Date() });
  });

  it('keeps events, tells the applicant what is not counted, and writes the file [PLT-5.2]', async () => {
    await apply('2026-09-21 10:00', 'outcome acceptance=accept');
    await apply('2026-10-08 10:00', 'entered technicalReview');
    const events = await core.db('clock_event').where({ case_id: given.caseId, clock: 'decision' }).orderBy('id');
    assert.deepEqual(
      events.map(({ kind }) => kind),
      ['start', 'stop'],
    );
    const lines = await core.db('audit').where({ case_id: given.caseId, action: 'clock.stop' });
    assert.match(lines[0].detail.article, /第四十五条/);
    assert.equal(lines[0].detail.title, '许可期限');
    assert.deepEqual(
      sent.map(({ to }) => to),
      [{ institutionId: given.institutionId }],
    );
    assert.match(sent[0].body, /「许可期限」自 2026-10-09 起停止计算：.*第四十五条/);
    const row = await core.db('case').where({ id: given.caseId }).first();
    assert.equal(row.accepted_at.toISOString(), '2026-09-21T02:00:00.000Z');
  });

  it('shows the clocks as the case view draws them [PLT-1.8 PLT-5.2]', async () => {
    await apply('2026-09-21 10:00', 'outcome acceptance=accept');
    await apply('2026-10-08 10:00', 'entered technicalReview');
    core.at('2026-11-19T10:00:00+08:00');
    const views = await clocks.view(given.caseId);
    const decision = views.find(({ id }) => id === 'decision')!;
    assert.deepEqual([decision.state, decision.used, decision.total, decision.notCounted], ['stopped', 7, 20, 31]);
    assert.equal(decision.ruler, 'u'.repeat(7) + 's'.repeat(31) + 'f'.repeat(13));
    assert.equal(decision.unit, 'WD');
    assert.equal(decision.events.at(-1)?.kind, 'stop');
    assert.equal((await clocks.views([given.caseId])).get(given.caseId)!.length, 2);
  });

  it('dates a boundary timer at 24:00 of the last day, and takes it back to never [PLT-5.5]', async () => {
    await job(`j${given.caseId}`, 'supplementOverdue');
    await apply('2026-09-18 09:00', 'entered supplement');
    assert.deepEqual(await timers(), ['supplementOverdue 2026-10-22T16:00:00.000Z']);
    await apply('2026-09-18 09:01', 'entered ruling');
    assert.equal((await timers()).length, 1, 'nothing changed');
  });

  it('moves the timer of a clock that stands and resumes [PLT-5.5]', async () => {
    const flow = structuredClone(licence);
    flow.steps.supplement.timers = [{ boundary: 'supplementOverdue', clock: 'decision' }];
    given = await addCase(core, { package: flow, receivedAt: '2026-09-16T09:00:00+08:00' });
    releases.set(given.release.id, given.release);
    await job(`k${given.caseId}`, 'supplementOverdue');
    await apply('2026-09-21 09:00', 'outcome acceptance=accept', 'entered supplement');
    await apply('2026-10-08 09:00', 'entered technicalReview');
    await apply('2026-10-09 09:00', 'left technicalReview');
    assert.deepEqual(await timers(), [
      'supplementOverdue 2026-10-26T16:00:00.000Z',
      'supplementOverdue null',
      'supplementOverdue 2026-10-27T16:00:00.000Z',
    ]);
  });

  it('does not renew the rectification with its second visit [PLT-5.5 CMA-4.1]', async () => {
    await job(`r1${given.caseId}`, 'rectificationOverdue');
    await apply('2026-10-23 15:00', 'entered rectification');
    await core
      .db('clock_timer')
      .where({ job_id: `r1${given.caseId}` })
      .update({ ended_tx: '1' });
    await apply('2026-11-06 15:00', 'left rectification', 'entered verifyRectification');
    await job(`r2${given.caseId}`, 'rectificationOverdue');
    await apply('2026-11-09 09:30', 'left verifyRectification', 'entered rectification 2');
    const due = 'rectificationOverdue 2026-12-04T16:00:00.000Z';
    assert.deepEqual(await timers(), [due, due]);
  });

  it('waits for a year that is not loaded, asks for it, and computes when it is there [PLT-5.1]', async () => {
    await task(`y${given.caseId}`, 'supplement');
    await job(`y${given.caseId}`, 'supplementOverdue');
    await apply('2026-12-21 09:00', 'entered supplement');
    const [unknown] = await clocks.view(given.caseId);
    assert.deepEqual([unknown.dueOn, unknown.unknown], [null, 'calendar 2027']);
    assert.deepEqual(await timers(), [], 'the timer stays at never');
    const open = () => core.db('incident').where({ kind: 'calendar', ref: '2027', state: 'open' });
    assert.equal((await open()).length, 1);

    await core.db.transaction((trx) => calendar.seed(trx, [2027]));
    assert.equal((await open()).length, 0);
    assert.ok((await clocks.recompute()) >= 1);
    assert.equal(await clocks.recompute(), 0, 'nothing is left');
    const [known] = await clocks.view(given.caseId);
    assert.deepEqual([known.dueOn, known.provisional], ['2027-01-19', true]);
    assert.deepEqual(await dues(), { supplement: '2027-01-19' });
    assert.deepEqual(await timers(), ['supplementOverdue 2027-01-19T16:00:00.000Z']);

    const final = Object.fromEntries(
      (await calendar.years()).filter(({ year }) => year === 2027).flatMap(({ days }) => Object.entries(days)),
    );
    await core.db.transaction((trx) =>
      calendar.load(trx, 2027, { ...final, '2027-01-02': 'work:元旦', '2027-01-04': 'off:元旦' }, false),
    );
    await clocks.recompute();
    assert.equal((await clocks.view(given.caseId))[0].provisional, false);
    assert.equal((await core.db('clock').where({ case_id: given.caseId }).first()).due_on, '2027-01-19');
  });

  it('warns before, on and after the due day, each once, and tells the leaders [PLT-5.4]', async () => {
    const { db } = core;
    const people = Object.fromEntries(
      await Promise.all(
        ['holder', 'candidate', 'leader', 'above'].map(async (name) => {
          const [{ id }] = await db('person').insert({ name, kind: 'staff' }).returning('id');
          return [name, id as string];
        }),
      ),
    );
    for (const [id, zh] of [
      ['leader', '机关负责人'],
      ['cma.acceptance', '受理岗'],
    ])
      await db('role').insert({ id, zh, en: id }).onConflict().ignore();
    const grant = (person: string, role: string, office: string) =>
      db('role_grant').insert({ person_id: people[person], role, office, reach: 'own', granted_at: new Date() });
    await grant('candidate', 'cma.acceptance', '5201');
    await grant('leader', 'leader', '5201');
    await grant('above', 'leader', '52');
    await task(`w${given.caseId}`, 'acceptance');
    await apply('2026-11-16 09:00', 'entered acceptance');

    const names = new Map(Object.entries(people).map(([name, id]) => [id, name]));
    const said = async (day: string) => {
      core.at(`${day}T09:00:00+08:00`);
      await clocks.tick();
      await clocks.tick();
      const mine = sent.splice(0).filter(({ body }) => body.includes('2026-11-23'));
      return mine.map(
        ({ to, title }) => `${names.get((to as { personId: string }).personId)}: ${title.split('」')[1]}`,
      );
    };
    assert.deepEqual(await said('2026-11-18'), []);
    assert.deepEqual(await said('2026-11-19'), ['candidate: 剩 2 日']);
    await db('task')
      .where({ id: `w${given.caseId}` })
      .update({ holder: people.holder });
    assert.deepEqual(await said('2026-11-20'), []);
    assert.deepEqual(await said('2026-11-22'), [], 'a Sunday');
    assert.deepEqual(await said('2026-11-23'), ['holder: 今天到期', 'leader: 今天到期']);
    assert.deepEqual(await said('2026-11-24'), ['holder: 超期 1 日']);
    assert.deepEqual(await said('2026-11-26'), ['holder: 超期 3 日', 'above: 超期 3 日']);
    const lines = await db('audit').where({ case_id: given.caseId }).orderBy('id');
    assert.deepEqual(
      lines.map(({ action }) => action),
      ['clock.start', 'clock.warn', 'clock.warn', 'clock.escalate', 'clock.overdue', 'clock.escalate'],
    );
  });

  it('takes changes of one case one after the other [PLT-12.1]', async () => {
    await Promise.all(
      ['entered acceptance', 'outcome acceptance=accept', 'entered technicalReview', 'entered ruling'].map((written) =>
        apply('2026-09-21 10:00', written),
      ),
    );
    const states = (await clocks.view(given.caseId)).map(({ id }) => id);
    assert.deepEqual(new Set(states), new Set(['acceptance', 'decision', 'review']));
  });

  it('speaks of the nearest stage only', () => {
    assert.deepEqual(stagesOf(6, [5, 2], 3), []);
    assert.deepEqual(stagesOf(4, [5, 2], 3), ['before:5']);
    assert.deepEqual(stagesOf(1, [5, 2], 3), ['before:2']);
    assert.deepEqual(stagesOf(0, [2], 3), ['due', 'leader']);
    assert.deepEqual(stagesOf(-4, [2], 3), ['over:4', 'leader', 'above']);
  });
});
