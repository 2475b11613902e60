/** What a leader sees first: load of the offices below, what is over with a way to act, and the working days ahead. */
import { z } from 'zod';
import { Desk, DeskPeople, type DeskTask } from '../../../contracts/api/index.ts';
import { leads } from '../../../contracts/leaders.ts';
import type { Calendar, WorkingDays } from '../calendar/index.ts';
import type { ViewTask } from '../cases/index.ts';
import { defineRoute, notFound, shanghaiDay, type AnyRoute, type Core, type Who } from '../core/index.ts';
import type { CaseRow } from '../engine/index.ts';
import type { Rights } from '../rights/index.ts';
import type { TaskRow } from '../tasks/index.ts';
import { CAPS, createDeskRepository } from './desk.repository.ts';

export interface DeskDeps {
  calendar: Pick<Calendar, 'days'>;
  mayReadCase: Rights['mayReadCase'];
  viewTask: ViewTask;
}

/** Working days that the desk looks ahead. */
const AHEAD = 20;
const MOST_OVERDUE = 20;

export function deskRoutes(core: Pick<Core, 'db' | 'time'>, deps: DeskDeps): AnyRoute[] {
  const { db } = core;
  const repository = createDeskRepository(db);

  async function overdue(who: Who, roots: string[], calendar: WorkingDays, today: string): Promise<DeskTask[]> {
    const ids = await repository.overdue(roots, today, MOST_OVERDUE);
    const found: DeskTask[] = [];
    for (const id of ids) {
      const task: TaskRow = await db('task').where({ id }).first();
      const row: CaseRow = await db('case').where({ id: task.case_id }).first();
      if (!task.due_on || !(await deps.mayReadCase(who, row))) continue;
      const [{ holder, offers }, office, urged] = await Promise.all([
        deps.viewTask(who, row, task),
        db('office').where({ code: row.office }).first('short_name'),
        db('task_urge').where({ task_id: id }).count({ n: '*' }).first(),
      ]);
      const over = calendar.workingDaysBetween(task.due_on, today);
      found.push({
        taskId: id,
        caseId: row.id,
        number: row.number,
        title: row.title,
        subjectName: row.subject_name,
        stepName: task.name,
        officeName: office.short_name,
        holder: holder?.name ?? null,
        dueOn: task.due_on,
        over: typeof over === 'number' ? over : null,
        urged: Number(urged?.n ?? 0),
        urge: offers.find(({ action }) => action === 'urge') ?? null,
        transfer: offers.find(({ action }) => action === 'transfer') ?? null,
      });
    }
    return found;
  }

  return [
    defineRoute({
      method: 'get',
      path: '/desk',
      title: { zh: '工作台', en: 'Desk of a leader' },
      rights: { kind: 'staff' },
      answer: Desk,
      async handle({ who }) {
        const today = shanghaiDay(core.time.now());
        const calendar = await deps.calendar.days();
        const days = daysAhead(calendar, today);
        const roots = rootsOf(who);
        const places = await repository.places(roots);
        const [load, due, over] = await Promise.all([
          repository.load(places, today),
          repository.due(places, days),
          overdue(who, roots, calendar, today),
        ]);
        return {
          caps: CAPS,
          days,
          offices: places.map((place, i) => ({ ...place, ...load[i]!, due: due[i]! })),
          overdue: over,
        };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/desk/offices/:office/people',
      title: { zh: '一个机关各人的在办量', en: 'What each person of an office has in hand' },
      rights: { kind: 'object' },
      params: z.object({ office: z.string().max(9) }),
      answer: DeskPeople,
      async handle({ who, params: { office } }) {
        const below = await db('office_ancestor').where({ office }).whereIn('ancestor', rootsOf(who)).first('office');
        if (!below) throw notFound();
        return { people: await repository.people(office, shanghaiDay(core.time.now())) };
      },
    }),
  ];
}

/** Offices whose whole tree somebody has in charge; one below another says nothing more. */
function rootsOf(who: Who): string[] {
  const trees = [...new Set(who.grants.filter(leads).map(({ office }) => office))];
  return trees.filter((office) => !trees.some((other) => other !== office && office.startsWith(other)));
}

/** Today if it is a working day, and the working days after it, as far as the calendar is loaded. */
function daysAhead(calendar: WorkingDays, today: string): string[] {
  const days = calendar.isWorkingDay(today) === true ? [today] : [];
  for (let n = 1; days.length < AHEAD; n += 1) {
    const next = calendar.addWorkingDays(today, n);
    if (!('day' in next)) break;
    days.push(next.day);
  }
  return days;
}
