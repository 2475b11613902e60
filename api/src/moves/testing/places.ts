/** For tests: where a case of a generated flow stands, told without the planner. */
import { leads, type FlowStep, type GeneratedFlow } from './flows.ts';

/** A part and, for each of its branches, how many of its steps are done. */
export interface Places {
  part: number;
  done: number[];
}

export function createPlaces({ steps, parts }: Pick<GeneratedFlow, 'steps' | 'parts'>) {
  const row = (part: number, branch: number) => steps.filter(({ at }) => at[0] === part && at[1] === branch);
  const begin = (part: number): Places => ({ part, done: Array.from({ length: parts[part] ?? 0 }, () => 0) });
  const arrived = ({ part, done }: Places) => done.every((n, branch) => n === row(part, branch).length);

  return {
    begin: () => begin(0),
    open: ({ part, done }: Places): FlowStep[] =>
      done.flatMap((n, branch) => row(part, branch).find(({ at }) => at[2] === n) ?? []),

    finish(places: Places, { at: [, branch] }: FlowStep): Places {
      const done = places.done.map((n, i) => (i === branch ? n + 1 : n));
      const next = { ...places, done };
      return arrived(next) ? begin(places.part + 1) : next;
    },

    /** Other branches of the target's part stay as they are, or as they were finished. */
    back(places: Places, { at: [part, branch, place] }: FlowStep): Places {
      const stand = part === places.part ? places.done : begin(part).done.map((_, i) => row(part, i).length);
      return { part, done: stand.map((n, i) => (i === branch ? place : n)) };
    },

    /** Where `from` was sent back to `to` and that goes straight back; other branches may have gone on meanwhile. */
    straight(places: Places, was: Places, { at: [part, branch] }: FlowStep): Places {
      if (part !== was.part) return was;
      return { part, done: places.done.map((n, i) => (i === branch ? was.done[i]! : n)) };
    },

    /** The step and what may only be done after it. */
    behind: (step: FlowStep): string[] =>
      steps.filter((other) => other === step || leads(step.at, other.at)).map(({ id }) => id),
  };
}
