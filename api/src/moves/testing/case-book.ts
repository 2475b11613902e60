/**
 * For tests: what a case of a generated flow has to show after each act (RULES, Decisions and moves): places, holders,
 * answers, drafts, clocks, timers and lines of the file, told without the planner.
 */
import type { WorkingDays } from '../../calendar/index.ts';
import { compute, type ClockEvent } from '../../clocks/index.ts';
import { endOfDay, shanghaiDay } from '../../core/index.ts';
import { CONCLUDED, EXITS, LIMITS, WHOLE, type FlowStep, type GeneratedFlow } from './parts.ts';
import { createPlaces, type Places, type Sent } from './places.ts';

interface Entry {
  kind: 'decision' | 'answer';
  step: FlowStep;
  by: string;
  outcome: string;
  opinion: string;
  void: boolean;
  /** A correction that went straight back: what it goes on from is the decision before. */
  straight?: boolean;
  /** Of an answer: it has become part of a decision. */
  decided?: Entry;
}

/** A return whose corrector goes straight back. */
interface Pending extends Sent {
  step: FlowStep;
  /** What a replay would make void. */
  undone: Entry[];
  outcome: string;
}

interface Visit {
  times: number;
  at: Date;
  holder: string | null;
  /** Its timer has fired and left it open. */
  fired: boolean;
}

export type Exit = keyof typeof EXITS;

/** As texts, each list in order; of a case that is left only the first three. */
export interface Shown {
  /** In the case view, and in the engine. */
  open: string[];
  live: string[];
  /** Of people, in the file. */
  lines: string[];
  holders?: string[];
  decisions?: string[];
  answers?: string[];
  drafts?: string[];
  clocks?: string[];
  timers?: string[];
  /** Of the engine, for the timers. */
  jobs?: string[];
}

/** What a step is called in lists. */
export const called = ({ id, thread }: Pick<FlowStep, 'id' | 'thread'>): string =>
  thread === null ? id : `${id}#${thread + 1}`;

export function createCaseBook(given: GeneratedFlow, calendar: WorkingDays, begun: { at: Date; lines: string[] }) {
  const model = createPlaces(given, (step) => last(step)?.outcome ?? null);
  const [first] = given.steps;
  const final = given.steps.at(-1)!;
  const lines = [...begun.lines];
  const entries: Entry[] = [];
  const pending: Pending[] = [];
  const visits = new Map<FlowStep, Visit>();
  /** Step and person → what was typed and not sent. */
  const drafts = new Map<string, string>();
  const whole: ClockEvent[] = [];
  const concluded: ClockEvent[] = [];
  let places = model.begin();
  let left: Exit | null = null;
  let migrated = false;
  enter(begun.at, []);

  return {
    open: () => model.open(places),
    /** Who corrects and then goes straight back, and with which answer; the last one asked. */
    corrector: () => pending.at(-1),
    holder: (step: FlowStep) => visits.get(step)!.holder,
    /** Who has answered in the open visit of a step. */
    answered: (step: FlowStep) => begunAnswers(step).map(({ by }) => by),
    hasDraft: (step: FlowStep, by: string) => drafts.has(`${called(step)} ${by}`),
    fired: (step: FlowStep) => visits.get(step)!.fired || model.open(places).some((one) => isBeside(one, step)),

    /** Steps to which the open step may be sent back. */
    targets: (from: FlowStep): FlowStep[] =>
      given.steps.filter(
        (step) =>
          step !== from &&
          !step.beside &&
          !from.beside &&
          model.behind(step).includes(from) &&
          last(step) !== undefined &&
          model.enters(places, step),
      ),
    /** Steps whose last answer can be taken back by whoever gave it: nothing was answered behind them. */
    takeable(): { step: FlowStep; by: string }[] {
      if (pending.length > 0) return [];
      const open = model.open(places);
      return given.steps.flatMap((step) => {
        const entry = last(step);
        if (!entry || step.beside || open.includes(step) || model.ended(places, step)) return [];
        if (!model.enters(places, step)) return [];
        const since = entries.slice(entries.indexOf(entry) + 1).filter((one) => !one.void);
        const behind = model.behind(step);
        return since.some((one) => behind.includes(one.step)) ? [] : [{ step, by: entry.by }];
      });
    },

    typed(step: FlowStep, by: string, text: string): void {
      drafts.set(`${called(step)} ${by}`, text);
    },

    /** Whether it has gone straight back. */
    answer(step: FlowStep, given: { by: string; outcome: string; opinion: string; at: Date }): boolean {
      const { at, ...answer } = given;
      lines.push(`${step.quorum ? 'task.answer' : 'task.decide'} ${answer.by}`);
      drafts.delete(`${called(step)} ${answer.by}`);
      const entry: Entry = { kind: 'decision', step, ...answer, void: false };
      if (step.quorum) {
        const begun = [...begunAnswers(step), { ...entry, kind: 'answer' as const }];
        entries.push(begun.at(-1)!);
        if (begun.length < 2) return false;
        for (const one of begun) one.decided = entry;
      }
      const back = pending.at(-1)?.step === step ? pending.pop()! : null;
      const straight = back?.outcome === answer.outcome;
      if (straight) entry.straight = true;
      if (back && !straight) undo(back.undone);
      entries.push(entry);
      happened(step, at);
      go(straight ? model.straight(places, back, step) : model.finish(places, step), at);
      return straight;
    },

    /** Whether it may go straight back: threads are done again. */
    mayBeStraight(to: FlowStep): boolean {
      const threads = cutBy(to).some(({ thread }) => thread !== null) && to.thread === null;
      return !threads && !again(to);
    },

    sendBack(to: FlowStep, { by, straight, at }: { by: string; straight: boolean; at: Date }): void {
      lines.push(`task.return ${by}`);
      const back = { undone: undoneBy(to), step: to, was: places, cut: cutBy(to), outcome: last(to)!.outcome };
      if (straight) pending.push(back);
      else undo(back.undone);
      go(model.back(places, to), at);
    },

    /** Whether a correction has come to nothing with it. */
    fire(step: FlowStep, at: Date): boolean {
      if (step.timer === 'beside') {
        visits.get(step)!.fired = true;
        go(model.late(places, step), at);
        return false;
      }
      const back = pending.at(-1)?.step === step ? pending.pop()! : null;
      if (back) undo(back.undone);
      happened(step, at);
      go(model.finish(places, step), at);
      return back !== null;
    },

    takeBack(step: FlowStep, at: Date): void {
      const { by, opinion } = last(step)!;
      lines.push(`decision.taken-back ${by}`);
      if (opinion) drafts.set(`${called(step)} ${by}`, opinion);
      undo(undoneBy(step));
      go(model.back(places, step), at);
    },

    migrate(by: string): void {
      lines.push(`case.migrate ${by}`);
      migrated = true;
    },
    isMigrated: () => migrated,

    leave(how: Exit, { by, at }: { by: string; at: Date }): void {
      lines.push(`case.${how} ${by}`);
      pending.length = 0;
      left = how;
      stand(at, []);
    },
    left: () => left,

    shown(now: Date): Shown {
      if (left) return { open: [EXITS[left]], live: [EXITS[left]], lines };
      const open = model.open(places);
      const ids = open.map(({ id }) => id).sort();
      const limits = open.flatMap((step) => limitOf(step, now));
      const timers = limits.flatMap(({ timer }) => timer ?? []).sort();
      return {
        ...{ open: ids, live: ids, lines },
        holders: open.map((step) => `${called(step)} ${visits.get(step)!.holder}`).sort(),
        decisions: listed('decision'),
        answers: listed('answer'),
        drafts: [...drafts]
          .filter(([place]) => open.some((step) => place.startsWith(`${called(step)} `)))
          .map(([place, text]) => `${place} ${text}`)
          .sort(),
        clocks: [
          ...(whole.length > 0 ? [reading(WHOLE.id, whole, WHOLE.limit, now).line] : []),
          ...(concluded.length > 0 ? [reading(CONCLUDED.id, concluded, CONCLUDED.limit, now).line] : []),
          ...limits.map(({ line }) => line),
        ].sort(),
        ...{ timers, jobs: timers },
      };
    },
  };

  function listed(kind: Entry['kind']): string[] {
    return entries
      .filter((one) => one.kind === kind)
      .map(({ step, by, outcome, void: gone }) => `${called(step)} ${by} ${outcome} ${gone ? 'void' : 'counts'}`)
      .sort();
  }

  function limitOf(step: FlowStep, now: Date): { line: string; timer?: string }[] {
    const limit = step === final ? LIMITS[migrated ? 1 : 0] : step.limit > 0 ? `P${step.limit}WD` : null;
    if (!limit) return [];
    const { at, times, fired } = visits.get(step)!;
    // Threads share the count of visits.
    const id = `step:${step.id}${step.thread === null ? `:${times}` : ''}`;
    const { line, due } = reading(id, [{ kind: 'start', at }], limit, now);
    const timed = step.timer !== 'none' && !fired;
    return [{ line, ...(timed && { timer: `${step.id}Late ${endOfDay(due!).toISOString()}` }) }];
  }

  function reading(id: string, events: ClockEvent[], limit: string, now: Date): { line: string; due: string | null } {
    const { state, dueOn } = compute(events, limit, calendar, shanghaiDay(now));
    return { line: `${id} ${state} ${dueOn}`, due: dueOn };
  }

  function last(step: FlowStep): Entry | undefined {
    return entries.findLast((one) => one.step === step && one.kind === 'decision' && !one.void);
  }

  function begunAnswers(step: FlowStep): Entry[] {
    return entries.filter((one) => one.step === step && one.kind === 'answer' && !one.void && !one.decided);
  }

  /** Whether all threads begin again with the step. */
  function again(to: FlowStep): boolean {
    return to.thread !== null && to.at[0] !== places.part;
  }

  function cutBy(to: FlowStep): FlowStep[] {
    const behind = model.behind(to, again(to));
    return model.open(places).filter((step) => behind.includes(step));
  }

  function undoneBy(to: FlowStep): Entry[] {
    const behind = model.behind(to, again(to));
    const since = again(to)
      ? entries.findIndex((one) => one.kind === 'decision' && !one.void && one.step.at[0] === to.at[0])
      : entries.findLastIndex((one) => one.kind === 'decision' && one.step === to && !one.void && !one.straight);
    const decisions = entries.slice(since).filter((one) => one.kind === 'decision' && behind.includes(one.step));
    const answers = entries.filter(
      (one) => one.kind === 'answer' && (one.decided ? decisions.includes(one.decided) : behind.includes(one.step)),
    );
    return [...decisions, ...answers];
  }

  /** A straight back that comes to nothing ends those that wait behind it too. */
  function undo(undone: Entry[]): void {
    for (const one of undone) one.void = true;
    pending.length = 0;
  }

  function happened(step: FlowStep, at: Date): void {
    if (step === first && whole.length === 0) whole.push({ kind: 'start', at });
    if (step === given.concludes && concluded.at(-1)?.kind !== 'start') concluded.push({ kind: 'start', at });
    if (step !== final) return;
    for (const clock of [whole, concluded])
      if (clock.length > 0 && clock.at(-1)!.kind !== 'end') clock.push({ kind: 'end', at });
  }

  function go(next: Places, at: Date): void {
    const before = model.open(places);
    places = next;
    enter(at, before);
  }

  function enter(at: Date, before: FlowStep[]): void {
    const open = model.open(places);
    for (const step of open.filter((one) => !before.includes(one))) {
      const times = (visits.get(step)?.times ?? 0) + 1;
      const decider = entries.findLast((one) => one.step === step && one.kind === 'decision')?.by ?? null;
      visits.set(step, { times, at, holder: step.quorum || times === 1 ? null : decider, fired: false });
      if (step === given.concludes && concluded.at(-1)?.kind === 'start') concluded.push({ kind: 'end', at });
    }
    stand(at, open);
  }

  function stand(at: Date, open: FlowStep[]): void {
    const stops = open.some((step) => step.stops);
    const now = whole.at(-1)?.kind;
    if (now && now !== 'end' && stops !== (now === 'stop')) whole.push({ kind: stops ? 'stop' : 'resume', at });
  }
}

const isBeside = (one: FlowStep, step: FlowStep): boolean =>
  one.beside && one.at.join() === step.at.join() && one.thread === step.thread;
