import type { Knex } from 'knex';
import type { Audit } from '../audit/index.ts';
import type { Calendar } from '../calendar/index.ts';
import { readSettings, shanghaiDay, startOfDay, type Core } from '../core/index.ts';
import type { Messages } from '../messages/index.ts';
import { stepClockId } from './course.ts';
import { ESCALATE_AFTER, LEADERS, WARN_BEFORE } from './settings.ts';

/** `leader`: to the leaders of the case's office; `above`: to those of the office above. */
export type Stage = `before:${number}` | 'due' | `over:${number}` | 'leader' | 'above';

interface DueClock {
  case_id: string;
  id: string;
  title: string;
  due_on: string;
  declared: { warn?: number[]; escalate?: number };
  number: string;
  case_title: string;
  office: string;
  above: string | null;
}

type Receiver = { personId: string } | { institutionId: string };

/** What is to be said with `left` working days left, the due day being 0. */
export function stagesOf(left: number, warnBefore: number[], escalateAfter: number): Stage[] {
  if (left > 0) {
    const reached = warnBefore.filter((days) => days >= left);
    return reached.length > 0 ? [`before:${Math.min(...reached)}`] : [];
  }
  const over = -left;
  return [
    over === 0 ? 'due' : `over:${over}`,
    'leader',
    ...(over > 0 && over >= escalateAfter ? (['above'] as const) : []),
  ];
}

/**
 * Warns of running clocks: before the due day, on it, and on each working day after; tells the leaders. On working
 * days only, each stage once per due day. @returns how many stages were reported
 */
export function createWarnings(
  core: Core,
  deps: { calendar: Pick<Calendar, 'days'>; audit: Pick<Audit, 'write'>; messages: Pick<Messages, 'send'> },
): () => Promise<number> {
  const { db, time } = core;

  return async () => {
    const today = shanghaiDay(time.now());
    const calendar = await deps.calendar.days();
    if (calendar.isWorkingDay(today) !== true) return 0;
    const due = await dueClocks(today);
    if (due.length === 0) return 0;
    const [before, escalateAfter, leaders] = await readSettings(db, WARN_BEFORE, ESCALATE_AFTER, LEADERS);
    let count = 0;
    for (const clock of due) {
      const left =
        clock.due_on >= today
          ? calendar.workingDaysBetween(today, clock.due_on)
          : -(calendar.workingDaysBetween(clock.due_on, today) as number);
      if (typeof left !== 'number') continue;
      const stages = stagesOf(left, clock.declared.warn ?? before, clock.declared.escalate ?? escalateAfter);
      for (const stage of stages) count += await db.transaction((trx) => report(trx, clock, stage, left, leaders));
    }
    return count;
  };

  /** Running clocks that may have to be spoken of; those that were spoken of today are done. */
  async function dueClocks(today: string): Promise<DueClock[]> {
    return db('clock as k')
      .join('case as c', 'c.id', 'k.case_id')
      .join('office as o', 'o.code', 'c.office')
      .where('k.state', 'running')
      .whereRaw(`k.due_on <= ?::date + 30`, [today])
      .whereNotExists(
        db('clock_notice as n')
          .whereRaw('n.case_id = k.case_id and n.clock = k.id and n.due_on = k.due_on')
          .where('n.at', '>=', startOfDay(today)),
      )
      .select('k.case_id', 'k.id', 'k.title', 'k.due_on', 'k.declared')
      .select('c.number', 'c.title as case_title', 'c.office', 'o.parent as above');
  }

  async function report(
    trx: Knex.Transaction,
    clock: DueClock,
    stage: Stage,
    left: number,
    leaders: string[],
  ): Promise<number> {
    const said = await trx('clock_notice')
      .insert({ case_id: clock.case_id, clock: clock.id, due_on: clock.due_on, stage, at: time.now() })
      .onConflict()
      .ignore()
      .returning('stage');
    if (said.length === 0) return 0;
    const escalation = stage === 'leader' || stage === 'above';
    const offices = stage === 'leader' ? [clock.office] : clock.above ? [clock.above] : [];
    const receivers = escalation ? await leadersOf(trx, offices, leaders) : await responsible(trx, clock);
    for (const to of receivers) await deps.messages.send(trx, { to, ...letter(clock, stage, left) });
    const action = escalation ? 'clock.escalate' : stage === 'over:1' ? 'clock.overdue' : 'clock.warn';
    // The days after the first overdue one are no news for the file.
    if (!stage.startsWith('over:') || stage === 'over:1')
      await deps.audit.write(trx, {
        caseId: clock.case_id,
        action,
        detail: { clock: clock.id, title: clock.title, dueOn: clock.due_on, stage },
      });
    return 1;
  }

  /** Who has the open tasks of the case; where nobody has taken one, its candidates. */
  async function responsible(trx: Knex.Transaction, clock: DueClock): Promise<Receiver[]> {
    const tasks: { id: string; step: string; visit: number; holder: string | null }[] = await trx('task')
      .where({ case_id: clock.case_id })
      .whereNull('ended_at')
      .select('id', 'step', 'visit', 'holder');
    const own = clock.id.startsWith('step:')
      ? tasks.filter(({ step, visit }) => stepClockId(step, visit) === clock.id)
      : tasks;
    const free = own.filter(({ holder }) => !holder).map(({ id }) => id);
    const candidates: { person_id: string | null; institution_id: string | null }[] = await trx('task_group as g')
      .leftJoin('role_grant as r', (on) =>
        on
          .onNull('r.ended_at')
          .andOn(trx.raw(`g.grp = r.role || '@' || r.office || case r.reach when 'tree' then '*' else '' end`))
          .andOn(trx.raw(`(r.reach = 'own' or r.may_take)`)),
      )
      .whereIn('g.task_id', free)
      .distinct(
        trx.raw(`coalesce(r.person_id::text, substring(g.grp from '^person:(.*)$')) as person_id`),
        trx.raw(`substring(g.grp from '^institution:(.*)$') as institution_id`),
      );
    const people = [...own.flatMap(({ holder }) => holder ?? []), ...candidates.flatMap((c) => c.person_id ?? [])];
    return [
      ...[...new Set(people)].map((personId) => ({ personId })),
      ...candidates.flatMap(({ institution_id: institutionId }) => (institutionId ? [{ institutionId }] : [])),
    ];
  }

  async function leadersOf(trx: Knex.Transaction, offices: string[], roles: string[]): Promise<Receiver[]> {
    const people = await trx('role_grant')
      .whereIn('office', offices)
      .whereIn('role', roles)
      .whereNull('ended_at')
      .distinct('person_id');
    return people.map(({ person_id: personId }) => ({ personId }));
  }
}

function letter(clock: DueClock, stage: Stage, left: number) {
  const when = left > 0 ? `剩 ${left} 日` : left === 0 ? '今天到期' : `超期 ${-left} 日`;
  const prefix = stage === 'leader' || stage === 'above' ? '报请关注：' : '';
  return {
    caseId: clock.case_id,
    kind: 'deadline',
    title: `${prefix}${clock.case_title}「${clock.title}」${when}`,
    body: `办件 ${clock.number}，${clock.due_on} 到期，${when}。`,
    link: `/cases/${clock.case_id}`,
  };
}
