import type { Knex } from 'knex';
import type { ClockView } from '../../../contracts/api/index.ts';
import { clockOfPart, type Release } from '../../../contracts/flow.ts';
import type { Audit } from '../audit/index.ts';
import type { Calendar, WorkingDays } from '../calendar/index.ts';
import { endOfDay, shanghaiDay, type Core } from '../core/index.ts';
import type { CaseEnd, Commands, Incidents, StepChange } from '../engine/index.ts';
import type { Messages } from '../messages/index.ts';
import type { DecideBySystem } from '../tasks/index.ts';
import { effectOf, type Text } from './effects.ts';
import { whyNotExtend } from './extension.ts';
import { stateOf, type Clock } from './clock.ts';
import {
  addEvents,
  openTasks,
  passedAndDeemed,
  readClocks,
  readCourse,
  timerJobs,
  writeClocks,
  writeDue,
  writeVisits,
} from './clocks.repository.ts';
import { movedClocks, type MovedClock } from './moved.ts';
import { compute, type Reading } from './compute.ts';
import { createTell, type ToldCase } from './tell.ts';
import { adopt, advance, matches, stepClockId, type Course, type Fresh } from './course.ts';

export interface ClockDeps {
  calendar: Pick<Calendar, 'days'>;
  audit: Pick<Audit, 'write'>;
  messages: Pick<Messages, 'send'>;
  commands: Pick<Commands, 'add'>;
  incidents: Pick<Incidents, 'open'>;
  release(id: string): Promise<Release>;
  decideBySystem: DecideBySystem;
  /** For clocks that start on a day of a form, such as the day of a discovery. */
  forms: { read(owner: string, form: string): Promise<{ data: Record<string, unknown> }> };
}

export interface ClockService {
  /**
   * Carries changes of a case over to its clocks: events with reason and article in the audit, due days of its open
   * tasks, dates of its boundary timers (as commands), and the day of acceptance. Locks the case. With `closed`
   * everything ends.
   */
  apply(
    trx: Knex.Transaction,
    happened: { caseId: string; release: Release; changes: StepChange[]; closed?: Pick<CaseEnd, 'at'> },
  ): Promise<void>;
  /** A migrated case: its open steps get the limits and timers of the release. */
  adopt(trx: Knex.Transaction, caseId: string, release: Release): Promise<void>;
  /** Clocks of a case today; ended limits of single steps are left out. */
  view(caseId: string): Promise<ClockView[]>;
  views(caseIds: string[], calendar?: WorkingDays): Promise<Map<string, ClockView[]>>;
  /** Why a clock of a case cannot be extended now; undefined where it can. */
  whyNotExtend(caseId: string, release: Release, clock: string): Promise<Text | undefined>;
  /** What each outcome of an open task would do to the clocks of its case. */
  effects(
    release: Release,
    task: { id: string; case_id: string; step: string; visit: number | null },
  ): Promise<Record<string, Text>>;
  /**
   * What a move does to the clocks and timers of a case; `kept` are the instances that it leaves open, `started` the
   * steps that it begins, as often as it does.
   */
  effectsOfMove(release: Release, caseId: string, plan: { kept: string[]; started: string[] }): Promise<MovedClock[]>;
  /** Decides what silence means where a limit has passed (`deemed` of `flow.json`). Returns how many were decided. */
  deem(): Promise<number>;
  /**
   * Computes every clock anew that was computed with an older calendar, case by case in transactions of its own;
   * called when a year was loaded and by the tick. Returns the number of cases.
   */
  recompute(): Promise<number>;
}

interface CaseOfClocks extends ToldCase {
  release_id: string;
  received_at: Date;
  accepted_at: Date | null;
}

export function createClockService(core: Core, deps: ClockDeps): ClockService {
  const { db, time } = core;
  const tell = createTell(core, deps);

  return {
    async apply(trx, { caseId, release, changes, closed }) {
      const row = await lockCase(trx, caseId);
      const course = await readCourse(trx, caseId);
      const days = await daysOfFields(caseId, release, course);
      const fresh = advance(course, release.package, changes, closed, days);
      await giveReasons(trx, caseId, release, fresh);
      await accept(trx, row, release, changes);
      await write(trx, row, release, course, fresh);
      await tell(trx, row, fresh);
    },

    async adopt(trx, caseId, release) {
      const row = await lockCase(trx, caseId);
      const course = await readCourse(trx, caseId);
      const open = await trx('step_visit')
        .where({ case_id: caseId })
        .whereNull('left_at')
        .select('step', 'visit', { taskId: 'task_id' }, { at: 'entered_at' });
      const fresh = adopt(
        course,
        release.package,
        open.map((visit) => ({ kind: 'entered', ...visit })),
      );
      await write(trx, row, release, course, fresh);
    },

    async view(caseId) {
      return (await views([caseId])).get(caseId)!;
    },
    views,

    async whyNotExtend(caseId, release, id) {
      const clock = (await readClocks(db, [caseId])).get(caseId)!.find((one) => one.id === id);
      return whyNotExtend(release.package, id, clock);
    },

    async effects(release, task) {
      const course = await readCourse(db, task.case_id);
      const other = await db('step_visit')
        .where({ case_id: task.case_id })
        .whereNull('left_at')
        .whereNot({ step: task.step })
        .first('step');
      const visit = { step: task.step, visit: task.visit ?? 1, taskId: task.id, at: time.now(), alone: !other };
      const outcomes = release.package.steps[task.step]?.outcomes ?? [];
      const said = outcomes.map(({ id }): [string, Text | undefined] => [
        id,
        effectOf(course, release.package, visit, id),
      ]);
      return Object.fromEntries(said.filter((one): one is [string, Text] => one[1] !== undefined));
    },

    async effectsOfMove(release, caseId, { kept, started }) {
      const at = time.now();
      const visits: { step: string; visit: number; taskId: string | null; open: boolean }[] = await db('step_visit')
        .where({ case_id: caseId })
        .select('step', 'visit', { taskId: 'task_id' })
        .select(db.raw('left_at is null and act_inst <> all(?) as open', [kept]));
      const ended = visits
        .filter(({ open }) => open)
        .map(({ step, visit, taskId }): StepChange => ({
          ...{ kind: 'left', how: 'cancelled', step, visit, at },
          ...(taskId && { taskId }),
        }));
      const entered = started.map((step, i): StepChange => {
        const last = Math.max(0, ...visits.filter((one) => one.step === step).map(({ visit }) => visit));
        const before = started.slice(0, i).filter((one) => one === step).length;
        return { kind: 'entered', step, visit: last + before + 1, at };
      });
      const calendar = await deps.calendar.days();
      const today = shanghaiDay(at);
      return movedClocks(await readCourse(db, caseId), release.package, [...ended, ...entered], (clock) =>
        compute(clock.events, clock.limit, calendar, today),
      );
    },

    async deem() {
      const passed = await passedAndDeemed(db, shanghaiDay(time.now()));
      let count = 0;
      for (const { case_id: caseId, title, basis, due_on: dueOn, declared, started_at: startedAt } of passed) {
        const [step = '', outcome = ''] = declared.deemed.outcome.split('=');
        const reason = `「${title}」${dueOn} 届满未作出决定，依据${basis}`;
        // The last second of the last day, so that the day of the decision is that day.
        const at = declared.deemed.at === 'start' ? startedAt : new Date(endOfDay(dueOn).getTime() - 1000);
        if (await deps.decideBySystem({ caseId, step, outcome, at, reason })) count += 1;
      }
      return count;
    },

    async recompute() {
      let count = 0;
      for (let last = '00000000-0000-0000-0000-000000000000'; ; count++) {
        const { generation } = await deps.calendar.days();
        const stale = await db('clock')
          .where('generation', '<', generation)
          .whereNot({ state: 'ended' })
          .where('case_id', '>', last)
          .orderBy('case_id')
          .first('case_id');
        if (!stale) return count;
        last = stale.case_id;
        await db.transaction(async (trx) => {
          const row = await lockCase(trx, last);
          await write(trx, row, await deps.release(row.release_id), await readCourse(trx, last), []);
        });
      }
    },
  };

  async function lockCase(trx: Knex.Transaction, caseId: string): Promise<CaseOfClocks> {
    return trx('case')
      .where({ id: caseId })
      .forUpdate()
      .first('id', 'release_id', 'received_at', 'accepted_at', 'institution_id', 'starter', 'number');
  }

  /** Fields that start a clock which does not run yet; a day acts from the next one on. */
  async function daysOfFields(caseId: string, release: Release, course: Course): Promise<Map<string, Date>> {
    const waiting = release.package.flow.clocks.filter(({ id }) => !course.clocks.has(id));
    const days = new Map<string, Date>();
    for (const trigger of waiting.flatMap(({ from }) => from).filter((from) => from.startsWith('field:'))) {
      const [form, field] = trigger.slice('field:'.length).split('.');
      const value = (await deps.forms.read(caseId, form)).data[field];
      if (typeof value === 'string' && value !== '') days.set(trigger, endOfDay(value));
    }
    return days;
  }

  /** Why an extension was asked for, as it was written when its part was started. */
  async function giveReasons(trx: Knex.Transaction, caseId: string, release: Release, fresh: Fresh[]): Promise<void> {
    for (const { clock, event } of fresh.filter((one) => one.event.kind === 'extend')) {
      const parts = Object.values(release.package.steps).filter(({ onDemand }) => clockOfPart(onDemand) === clock.id);
      const asked = await trx('move')
        .where({ case_id: caseId, state: 'done' })
        .whereRaw(`plan->'start'->0->>'activityId' = any(?)`, [parts.map(({ id }) => id)])
        .orderBy('asked_at', 'desc')
        .first('reason');
      event.reason = asked?.reason ?? null;
    }
  }

  async function accept(
    trx: Knex.Transaction,
    row: CaseOfClocks,
    release: Release,
    changes: StepChange[],
  ): Promise<void> {
    const { accepted } = release.package.flow;
    const change = accepted && changes.find((one) => matches(accepted, one));
    if (change && !row.accepted_at) await trx('case').where({ id: row.id }).update({ accepted_at: change.at });
  }

  async function write(
    trx: Knex.Transaction,
    row: CaseOfClocks,
    release: Release,
    course: Course,
    fresh: Fresh[],
  ): Promise<void> {
    const calendar = await deps.calendar.days(trx);
    const today = shanghaiDay(time.now());
    const clocks = [...course.clocks.values()];
    const readings = new Map(clocks.map((c) => [c.id, compute(c.events, c.limit, calendar, today)]));
    await sortTasks(trx, row.id, readings);
    const touched = new Set(fresh.map(({ clock }) => clock));
    const changed = clocks.filter((clock) => touched.has(clock) || stateOf(clock) !== 'ended');
    const written = changed.map((clock) => ({ clock, reading: readings.get(clock.id)! }));
    await writeClocks(trx, row.id, written, calendar.generation);
    await addEvents(trx, row.id, fresh);
    await setTimers(trx, row.id, release, course, readings);
    await writeVisits(trx, row.id, course.visits);
    await record(trx, row.id, fresh, readings);
    await askForYears(trx, readings);
  }

  /** The earliest due day of a running clock sorts the inbox; a step's own limit counts for its own task only. */
  async function sortTasks(trx: Knex.Transaction, caseId: string, readings: Map<string, Reading>): Promise<void> {
    for (const task of await openTasks(trx, caseId)) {
      const own = stepClockId(task.step, task.visit ?? 1);
      const due = [...readings]
        .filter(([id, { state, dueOn }]) => state === 'running' && dueOn && (id === own || !id.startsWith('step:')))
        .map(([, { dueOn }]) => dueOn!)
        .sort();
      if ((due[0] ?? null) !== task.due_on) await writeDue(trx, task.id, due[0] ?? null);
    }
  }

  /** A boundary timer stands for the end of a clock; while the clock doesn't run, it must not fire. */
  async function setTimers(
    trx: Knex.Transaction,
    caseId: string,
    { package: { steps } }: Release,
    course: Course,
    readings: Map<string, Reading>,
  ): Promise<void> {
    const timers = course.visits.flatMap(
      (visit) => steps[visit.step]?.timers.map((timer) => ({ ...timer, visit })) ?? [],
    );
    const jobs = await timerJobs(trx, caseId, [...new Set(timers.map(({ boundary }) => boundary))]);
    for (const { boundary, clock, visit } of timers) {
      const reading = readings.get(clock === 'step' ? stepClockId(visit.step, visit.visit) : clock);
      const due = reading?.state === 'running' && reading.dueOn ? endOfDay(reading.dueOn).toISOString() : null;
      for (const { job_id: jobId, ...job } of jobs) {
        const other = job.task_id && visit.taskId && job.task_id !== visit.taskId;
        if (job.boundary !== boundary || other || (visit.timers[jobId] ?? null) === due) continue;
        visit.timers[jobId] = due;
        await deps.commands.add(trx, {
          caseId,
          kind: 'timer',
          payload: { jobId, boundary, step: visit.step, caseId, due },
        });
      }
    }
  }

  async function record(
    trx: Knex.Transaction,
    caseId: string,
    fresh: Fresh[],
    readings: Map<string, Reading>,
  ): Promise<void> {
    for (const { clock, event } of fresh) {
      const { dueOn } = readings.get(clock.id)!;
      await deps.audit.write(trx, {
        caseId,
        action: `clock.${event.kind}`,
        step: event.step,
        visit: event.visit,
        occurredAt: event.at,
        detail: {
          clock: clock.id,
          title: clock.title,
          ...(event.reason && { reason: event.reason }),
          ...(event.basis && { article: event.basis }),
          ...(dueOn && event.kind !== 'end' && { dueOn }),
        },
      });
    }
  }

  async function askForYears(trx: Knex.Transaction, readings: Map<string, Reading>): Promise<void> {
    for (const unknown of new Set([...readings.values()].flatMap((reading) => reading.unknown ?? []))) {
      const year = unknown.replace('calendar ', '');
      await deps.incidents.open(trx, {
        kind: 'calendar',
        ref: year,
        message: `${year} 年放假安排没有录入，到期日待录入后计算 (the calendar of ${year} is not loaded)`,
      });
    }
  }

  async function views(caseIds: string[], known?: WorkingDays): Promise<Map<string, ClockView[]>> {
    const today = shanghaiDay(time.now());
    const [calendar, found] = await Promise.all([known ?? deps.calendar.days(), readClocks(db, caseIds)]);
    return new Map(
      [...found].map(([caseId, clocks]) => [
        caseId,
        clocks
          .map((clock) => viewOf(clock, compute(clock.events, clock.limit, calendar, today)))
          .filter(({ id, state }) => state !== 'ended' || !id.startsWith('step:')),
      ]),
    );
  }
}

function viewOf(clock: Clock, reading: Reading): ClockView {
  return {
    id: clock.id,
    title: clock.title,
    basis: clock.basis,
    ...reading,
    stops: reading.stops.map(({ at, until, days }) => ({
      from: at.toISOString(),
      until: until?.toISOString() ?? null,
      days,
      reason:
        clock.events.find((event) => event.kind === 'stop' && event.at.getTime() === at.getTime())?.reason ?? null,
    })),
    events: clock.events.map(({ kind, at, reason, basis }) => ({ kind, at: at.toISOString(), reason, basis })),
  };
}
