/** For tests: where a case of a generated flow stands, told without the planner. */
import { besideOf, leads, type FlowPart, type FlowStep, type GeneratedFlow } from './parts.ts';

export interface Places {
  part: number;
  /** For each branch or thread of the part, how many of its steps are done. */
  done: number[];
  /** What timers began beside their steps. */
  beside: FlowStep[];
}

/** A return that waits to go straight back: what it found, and what of that it ended. */
export interface Sent {
  was: Places;
  cut: FlowStep[];
}

/** `outcomeOf`: what stands as the answer to a step; null: nothing. */
export function createPlaces({ parts, steps }: GeneratedFlow, outcomeOf: (step: FlowStep) => string | null) {
  const all = (part: number) => parts[part]!.rows.map((row) => row.length);
  const enclosed = ({ within, is }: FlowPart) => within !== 'flow' || is === 'threads';

  function open({ part, done, beside }: Places): FlowStep[] {
    return [...done.flatMap((n, i) => parts[part]!.rows[i]![n] ?? []), ...beside];
  }

  function begin(part: number, beside: FlowStep[]): Places {
    if (part === parts.length) return { part, done: [], beside };
    return settled({ part, done: all(part).map((length, i) => (taken(parts[part]!, i) ? 0 : length)), beside });
  }

  function taken({ is, decider }: FlowPart, branch: number): boolean {
    if (!decider) return true;
    const outcome = outcomeOf(decider);
    return is === 'row' ? outcome === 'other' : outcome === 'go' || (outcome === 'other' && branch === 1);
  }

  /** The next part begins when all branches are done, and nothing is open in the sub-process around them. */
  function settled(places: Places): Places {
    if (places.part === parts.length) return places;
    const waits = enclosed(parts[places.part]!) && places.beside.some(({ at }) => at[0] === places.part);
    const done = all(places.part).every((length, i) => places.done[i] === length);
    return done && !waits ? begin(places.part + 1, places.beside) : places;
  }

  return {
    open,
    begin: () => begin(0, []),

    finish({ part, done, beside }: Places, step: FlowStep): Places {
      if (step.beside) return settled({ part, done, beside: beside.filter((one) => one !== step) });
      const next = done.map((n, i) => (i === step.at[1] ? n + 1 : n));
      const fails = parts[part]!.within === 'block' && next[0] === all(part)[0] && outcomeOf(step) === 'other';
      return settled({ part, done: next, beside: fails ? beside.filter(({ at }) => at[0] !== part) : beside });
    },

    /** A timer begins what stands beside its step. */
    late(places: Places, step: FlowStep): Places {
      const [{ id }] = besideOf(step) as [FlowStep];
      const begun = steps.find((one) => one.id === id && one.thread === step.thread)!;
      return { ...places, beside: [...places.beside, begun] };
    },

    /** Whether a return finds its way: parallel branches and threads are not entered in their midst. */
    enters: (places: Places, { at: [part, , place] }: FlowStep): boolean =>
      part === places.part ||
      !enclosed(parts[part]!) ||
      (parts[part]!.is === 'threads' ? place === 0 : parts[part]!.is !== 'parallel'),

    /** Whether the thread that a step is in has ended. */
    ended({ part, done, beside }: Places, { at, thread }: FlowStep): boolean {
      if (thread === null || at[0] !== part) return thread !== null;
      return done[thread] === all(part)[thread] && !beside.some((one) => one.at[0] === part && one.thread === thread);
    },

    /** Other branches of the target's part stay as they are, or as they were finished; threads begin together. */
    back(places: Places, to: FlowStep): Places {
      const [part, branch, place] = to.at;
      const beside = places.beside.filter(({ at }) => !leads(to.at, at));
      if (part !== places.part && to.thread !== null) return begin(part, beside);
      const stand = part === places.part ? places.done : all(part);
      return { part, done: stand.map((n, i) => (i === branch ? place : n)), beside };
    },

    /** Where `from` was sent back to `to` and that goes straight back; other branches may have gone on meanwhile. */
    straight(places: Places, { was, cut }: Sent, { at: [part, branch] }: FlowStep): Places {
      const beside = [...places.beside, ...cut.filter((one) => one.beside)];
      if (part !== was.part) return { ...was, beside };
      return { part, done: places.done.map((n, i) => (i === branch ? was.done[i]! : n)), beside };
    },

    /** The step and what may only be done after it. `again`: of all threads, which begin together. */
    behind: (step: FlowStep, again = false): FlowStep[] =>
      steps.filter(
        (other) =>
          other === step ||
          leads(step.at, other.at) ||
          (again && other.at[0] === step.at[0] && (!other.beside || other.at[2] > step.at[2])),
      ),
  };
}
