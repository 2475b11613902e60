/** What a move does to the clocks and timers of a case, said before it happens: the course is carried on in a copy. */
import type { CompiledFlow } from '../../../contracts/flow.ts';
import type { StepChange } from '../engine/index.ts';
import type { Clock } from './clock.ts';
import type { Reading } from './compute.ts';
import { advance, stepClockId, type Course } from './course.ts';
import type { Text } from './effects.ts';

export interface MovedClock {
  /** Name of the clock, or of the boundary event whose timer it is. */
  what: Text;
  note: Text;
  /** The clock stands after the move, which the applicant is told. */
  stops: boolean;
}

/**
 * `changes` are the visits that the move ends and begins; `read` tells where a clock stands today. Limits of steps that
 * end with the step, and what does not change, are left out.
 */
export function movedClocks(
  course: Course,
  flow: CompiledFlow,
  changes: StepChange[],
  read: (clock: Clock) => Pick<Reading, 'state' | 'dueOn'>,
): MovedClock[] {
  const after = structuredClone(course);
  advance(after, flow, changes);
  const clocks = [...after.clocks.values()].flatMap((clock) => clockLine(course.clocks.get(clock.id), clock, read));
  return [...clocks, ...timerLines(flow, timersOf(course, flow, read), timersOf(after, flow, read))];
}

function clockLine(
  before: Clock | undefined,
  clock: Clock,
  read: (clock: Clock) => Pick<Reading, 'state' | 'dueOn'>,
): MovedClock[] {
  const now = before && read(before).state;
  const { state, dueOn } = read(clock);
  if (state === now || (state === 'ended' && clock.id.startsWith('step:'))) return [];
  return [{ what: said(clock.title), note: noteOf(clock, now, state, dueOn), stops: state === 'stopped' }];
}

function noteOf(clock: Clock, before: string | undefined, state: Reading['state'], dueOn: string | null): Text {
  const due = { zh: dueOn ? `，${dueOn} 到期` : '', en: dueOn ? `, due ${dueOn}` : '' };
  const reason = clock.events.findLast(({ kind }) => kind === 'stop')?.reason;
  if (state === 'ended') return { zh: '结束', en: 'Ends' };
  if (state === 'stopped') return { zh: `停止计时${reason ? `（${reason}）` : ''}`, en: 'Stops' };
  if (before && clock.events.at(-1)?.kind === 'resume') return { zh: `恢复计时${due.zh}`, en: `Resumes${due.en}` };
  return { zh: `自次日起算${due.zh}`, en: `Begins tomorrow${due.en}` };
}

interface Timer {
  boundary: string;
  dueOn: string | null;
}

/** Visit and boundary event → when it fires; null while its clock does not run. */
function timersOf(
  course: Course,
  { steps }: CompiledFlow,
  read: (clock: Clock) => Pick<Reading, 'state' | 'dueOn'>,
): Map<string, Timer> {
  const timers = course.visits.flatMap(({ step, visit, taskId }) =>
    (steps[step]?.timers ?? []).map(({ boundary, clock }): [string, Timer] => {
      const found = course.clocks.get(clock === 'step' ? stepClockId(step, visit) : clock);
      const reading = found && read(found);
      const dueOn = reading?.state === 'running' ? reading.dueOn : null;
      return [`${boundary} ${visit} ${taskId ?? ''}`, { boundary, dueOn }];
    }),
  );
  return new Map(timers);
}

function timerLines({ graph }: CompiledFlow, before: Map<string, Timer>, after: Map<string, Timer>): MovedClock[] {
  const line = (boundary: string, zh: string, en: string): MovedClock => ({
    what: said(graph.nodes.find(({ id }) => id === boundary)?.name || boundary),
    note: { zh, en },
    stops: false,
  });
  const gone = [...before]
    .filter(([visit]) => !after.has(visit))
    .map(([, { boundary }]) => line(boundary, '到期处理取消', 'No longer fires'));
  const changed = [...after]
    .filter(([visit, { dueOn }]) => before.get(visit)?.dueOn !== dueOn)
    .map(([, { boundary, dueOn }]) =>
      dueOn
        ? line(boundary, `到期处理定在 ${dueOn} 终了`, `Fires at the end of ${dueOn}`)
        : line(boundary, '到期处理暂停', 'Does not fire meanwhile'),
    );
  return [...gone, ...changed];
}

const said = (name: string): Text => ({ zh: name, en: name });
