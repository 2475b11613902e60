/** The steps of people in a case with their dates, without what only the authority's file says of them. */
import type { CaseProgress, ClockView } from '../../../contracts/api/index.ts';
import type { Release, Step } from '../../../contracts/flow.ts';
import { limitText, parseLimit } from '../../../contracts/limits.ts';
import type { Core } from '../core/index.ts';

interface Visit {
  step: string;
  visit: number;
  entered_at: Date;
  left_at: Date | null;
  how: string | null;
  outcome: string | null;
}

export async function progressOf(
  { db }: Pick<Core, 'db'>,
  caseId: string,
  { package: { steps } }: Release,
  clocks: ClockView[],
): Promise<CaseProgress> {
  const visits: Visit[] = await db('step_visit as v')
    .leftJoin('decision as d', (on) => on.on('d.task_id', 'v.task_id').andOnVal('d.state', 'done'))
    .where('v.case_id', caseId)
    .orderBy('v.entered_at')
    .select('v.step', 'v.visit', 'v.entered_at', 'v.left_at', 'v.how', 'd.outcome');
  return {
    steps: visits.flatMap((visit) => {
      const step = steps[visit.step];
      return step && step.type === 'user' ? [stepOf(step, visit, clocks)] : [];
    }),
  };
}

/** What the authority answered is told by what it serves, not by its steps. */
function stepOf(step: Step, { visit, entered_at, left_at, how, outcome }: Visit, clocks: ClockView[]) {
  const mine = step.groups.includes('applicant');
  const answered = mine ? step.outcomes.find(({ id }) => id === outcome) : undefined;
  const clock = clocks.find(({ id }) => id === `step:${step.id}:${visit}`);
  return {
    step: step.id,
    name: step.name.zh,
    mine,
    enteredAt: entered_at.toISOString(),
    leftAt: left_at?.toISOString() ?? null,
    state: left_at === null ? ('open' as const) : how === 'cancelled' ? ('undone' as const) : ('done' as const),
    outcome: answered ? { zh: answered.zh, en: answered.en } : null,
    limit: step.limit ? limitText(parseLimit(step.limit)) : null,
    dueOn: left_at === null ? (clock?.dueOn ?? null) : null,
  };
}
