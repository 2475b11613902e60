/**
 * What happens to the clocks of a case when its steps come and go. Pure: it turns changes into clock events, and keeps
 * the open visits that a later change has to know of.
 */
import type { ClockUse, CompiledFlow } from '../../../contracts/flow.ts';
import { shanghaiDay } from '../core/index.ts';
import type { CaseEnd, StepChange } from '../engine/index.ts';
import { stateOf, type Clock, type LegalEvent } from './clock.ts';
import { extendedBy, whyNotExtend } from './extension.ts';
import { STOP_REASONS } from './reasons.ts';

/** An open visit of a step that stops a clock, has a limit or a boundary timer. */
export interface OpenVisit {
  /** Of its row; absent before it is written. */
  id?: string;
  step: string;
  visit: number;
  taskId: string | null;
  at: Date;
  /** Job → moment that was last commanded, null: never. */
  timers: Record<string, string | null>;
}

export interface Course {
  clocks: Map<string, Clock>;
  visits: OpenVisit[];
}

/** A clock event that the changes brought about. */
export interface Fresh {
  clock: Clock;
  event: LegalEvent;
}

export const stepClockId = (step: string, visit: number): string => `step:${step}:${visit}`;

/** Whether a change is what a trigger of `flow.json` waits for; `field:` triggers are days, not changes. */
export function matches(trigger: string, change: StepChange): boolean {
  switch (change.kind) {
    case 'started':
      return trigger === 'started' || trigger === `entered:${change.step}`;
    case 'outcome':
      return trigger === `outcome:${change.step}=${change.outcome}`;
    case 'served':
      return trigger === `served:${change.document}`;
    case 'ended':
      return trigger === 'ended';
    default:
      return trigger === `${change.kind}:${change.step}`;
  }
}

/**
 * Carries the changes out, in their order. `days` are the moments of `field:` triggers whose fields are filled.
 * @returns the events that were added to the clocks of `course`
 */
export function advance(
  course: Course,
  compiled: CompiledFlow,
  changes: StepChange[],
  closed?: Pick<CaseEnd, 'at'>,
  days: Map<string, Date> = new Map(),
): Fresh[] {
  const { flow, steps } = compiled;
  const fresh: Fresh[] = [];

  for (const decl of flow.clocks)
    for (const [trigger, at] of days)
      if (decl.from.some((from) => from === trigger) && !course.clocks.has(decl.id)) start(decl.id, at, null);

  for (const change of changes) {
    for (const decl of flow.clocks)
      if (decl.until.some((trigger) => matches(trigger, change))) end(course.clocks.get(decl.id), change.at, change);
    if (change.kind === 'left') leave(change);
    if (change.kind === 'entered') enter(change);
    if (change.kind === 'outcome') extend(change);
    for (const decl of flow.clocks)
      if (decl.from.some((trigger) => matches(trigger, change))) start(decl.id, change.at, change);
    settle(change);
  }
  if (closed) {
    for (const clock of course.clocks.values()) end(clock, closed.at, null);
    course.visits = [];
  }
  return fresh;

  function push(clock: Clock, event: LegalEvent): void {
    clock.events.push(event);
    fresh.push({ clock, event });
  }

  /** A flow's clock begins; once it has ended it begins anew or goes on where the flow says `again`. */
  function start(id: string, at: Date, change: StepChange | null): void {
    const decl = flow.clocks.find((one) => one.id === id)!;
    const state = course.clocks.has(id) ? stateOf(course.clocks.get(id)!) : null;
    if (state !== null && !(state === 'ended' && decl.again)) return;
    const known = course.clocks.get(id);
    if (known && decl.again === 'resume') return push(known, eventOf('resume', at, change, null, known.basis));
    const clock = known ?? {
      id,
      title: decl.title.zh,
      basis: decl.basis,
      limit: decl.limit,
      declared: { warn: decl.warn, escalate: decl.escalate, deemed: decl.deemed },
      events: [],
    };
    course.clocks.set(id, clock);
    push(clock, eventOf('start', at, change, null, clock.basis));
  }

  function extend(change: StepChange): void {
    const id = extendedBy(compiled, change.step, change.outcome ?? '');
    const clock = id ? course.clocks.get(id) : undefined;
    if (!id || !clock || whyNotExtend(compiled, id, clock)) return;
    const { by, basis } = flow.clocks.find((one) => one.id === id)!.extend!;
    push(clock, { ...eventOf('extend', change.at, change, null, basis), limit: by });
  }

  function end(clock: Clock | undefined, at: Date, change: StepChange | null): void {
    const state = clock && stateOf(clock);
    if (clock && state && state !== 'ended') push(clock, eventOf('end', at, change, null, null));
  }

  function enter(change: StepChange): void {
    const step = steps[change.step];
    if (!step) return;
    const known = course.visits.some((open) => open.step === change.step && open.visit === change.visit);
    if (!known && (step.clock.length > 0 || step.limit || step.timers.length > 0))
      course.visits.push({
        step: change.step,
        visit: change.visit,
        taskId: change.taskId ?? null,
        at: change.at,
        timers: {},
      });
    if (!step.limit) return;
    const id = stepClockId(change.step, change.visit);
    const clock: Clock = { id, title: `${step.name.zh}期限`, basis: null, limit: step.limit, declared: {}, events: [] };
    if (course.clocks.has(id)) return;
    course.clocks.set(id, clock);
    push(clock, eventOf('start', change.at, change, null, null));
  }

  function leave(change: StepChange): void {
    const place = course.visits.findIndex(
      (open) =>
        open.step === change.step &&
        open.visit === change.visit &&
        (!open.taskId || !change.taskId || open.taskId === change.taskId),
    );
    if (place >= 0) course.visits.splice(place, 1);
    end(course.clocks.get(stepClockId(change.step, change.visit)), change.at, change);
  }

  /** Lets each clock stand or run as the open steps say. */
  function settle(change: StepChange): void {
    for (const { id } of flow.clocks) {
      const clock = course.clocks.get(id);
      if (!clock) continue;
      const state = stateOf(clock);
      const stop = stopOf(id);
      if (stop && state === 'running') halt(clock, stop, change);
      if (!stop && state === 'stopped') push(clock, eventOf('resume', change.at, change, null, null));
    }
  }

  function stopOf(clock: string): ClockUse | undefined {
    return course.visits
      .flatMap(({ step }) => steps[step]?.clock ?? [])
      .find((use) => use.clock === clock && use.op === 'stop');
  }

  /** A resume and stop of one day for one reason, as between two steps of a stage, are left out: they change nothing. */
  function halt(clock: Clock, use: ClockUse, change: StepChange): void {
    const known = use.reason ? STOP_REASONS[use.reason] : undefined;
    const event = eventOf('stop', change.at, change, known?.zh ?? use.reason ?? null, known?.basis ?? clock.basis);
    const last = fresh.findLast((one) => one.clock === clock)?.event;
    const before = clock.events.filter(({ kind }) => kind === 'stop').at(-1);
    const idle =
      last?.kind === 'resume' && before?.reason === event.reason && shanghaiDay(last.at) === shanghaiDay(event.at);
    if (!idle) return push(clock, event);
    clock.events.splice(clock.events.indexOf(last), 1);
    fresh.splice(
      fresh.findIndex((one) => one.event === last),
      1,
    );
  }
}

/**
 * The case goes on under another release: its open steps have the limits and timers of that one, counted from when they
 * were entered. Clocks of the flow stay as they began.
 */
export function adopt(course: Course, compiled: CompiledFlow, open: StepChange[]): Fresh[] {
  for (const { step, visit } of open) {
    const clock = course.clocks.get(stepClockId(step, visit));
    const limit = compiled.steps[step]?.limit;
    if (clock && limit) clock.limit = limit;
  }
  return advance(course, { ...compiled, flow: { ...compiled.flow, clocks: [] } }, open);
}

function eventOf(
  kind: LegalEvent['kind'],
  at: Date,
  change: StepChange | null,
  reason: string | null,
  basis: string | null,
): LegalEvent {
  return { kind, at, reason, basis, step: change?.step ?? null, visit: change?.visit ?? null };
}
