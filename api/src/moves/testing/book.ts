/** For tests: which finished visits of a case stand, and which a run without moves would have. */
import type { MovePlan } from '../plan.ts';
import { WIDER, type Generated } from './models.ts';

/** A finished visit, or a timer that fired and began `step`. */
export interface Entry {
  step: string;
  /** Instances of the sub-processes around it, outermost first. */
  around: string[];
  /** Begun by a timer that left its step open. */
  beside?: boolean;
  /** By a timer: how often each step is finished more or less often for it. */
  instead?: Record<string, number>;
}

type Counts = Record<string, number>;

export function createBook() {
  let entries: Entry[] = [];
  /** Instances that hold the threads of a sub-process. */
  const bodies = new Set<string>();
  let also: Counts = {};
  let settled = null as Counts | null;

  const visits = () => entries.filter((one) => !one.instead);
  const finished = () => countOf(visits().map(({ step }) => ({ [step]: 1 })));

  /** What is in the thread that these instances are in, or in the case. */
  const inThread = (around: string[]) => {
    const body = around.findLastIndex((id) => bodies.has(id));
    return entries.filter((one) => body < 0 || one.around.includes(around[body + 1]!));
  };
  const doneOf = (list: Entry[], step: string) => list.filter((one) => !one.instead && one.step === step).length;

  /** What began beside a step and ends unfinished with the sub-process around both does not begin again with it. */
  function forgetOpen(inner: string[], around: string[]): void {
    const here = inThread(around);
    for (const step of inner) {
      const begun = here.filter((one) => one.beside && one.step === step);
      const open = begun.slice(doneOf(here, step));
      entries = entries.filter((one) => !open.includes(one));
    }
  }

  /** How much less often than planned each step of one passage was finished. */
  function missing(inner: Counts, around: string[]): Counts {
    const here = inThread(around);
    const nested = here.flatMap((one) => (one.instead && one.step in inner ? [one.instead] : []));
    const planned = countOf([inner, ...nested]);
    const steps = Object.keys({ ...inner, ...planned });
    return Object.fromEntries(steps.map((step) => [step, doneOf(here, step) - (planned[step] ?? 0)]));
  }

  return {
    finished,
    forgetOpen,
    body: (instance: string) => void bodies.add(instance),
    finish: (step: string, around: string[]) => void entries.push({ step, around }),
    /** Every step that was finished. */
    steps: () => [...new Set(visits().map(({ step }) => step))],
    last: (step: string) => visits().findLast((one) => one.step === step)!,
    /** Steps finished since an entry. */
    since: (entry: Entry) => [...new Set(entries.slice(entries.indexOf(entry)).map(({ step }) => step))],

    /** Where the last round of a step begins: threads that are entered from outside are all done again. */
    roundOf(step: string, around: string[]): Entry {
      const last = entries.findLast((one) => one.step === step && !one.instead)!;
      const outer = last.around.find((id) => bodies.has(id) && !around.includes(id));
      return outer ? entries.find((one) => one.around.includes(outer))! : last;
    },

    undo({ undone, thread }: MovePlan, since: Entry): void {
      const first = entries.indexOf(since);
      entries = entries.filter(
        (one, i) => i < first || !undone.includes(one.step) || (thread !== null && !one.around.includes(thread)),
      );
    },

    /** A timer has fired; `around` is where it stands. What it ended is not finished any more. */
    fired({ begins, beside, inner }: Generated['timers'][string], around: string[]): void {
      if (!beside) forgetOpen(Object.keys(inner), around);
      const instead = beside ? {} : missing(inner, around);
      entries.push({ step: begins, around, beside, instead: countOf([instead, { [begins]: 1 }]) });
    },

    /** A step is finished once more, or once less, than the model says. */
    more: (step: string, times: number) => void (also = countOf([also, { [step]: times }])),
    /** Only this step is still to be finished. */
    only: (step: string) => void (settled = countOf([finished(), { [step]: 1 }])),
    expected: (of: Counts) =>
      settled ?? countOf([of, also, ...entries.flatMap(({ instead }) => (instead ? [instead] : []))]),
  };
}

/** The sum; what is finished never, or as it happens, is left out. */
function countOf(counts: Counts[]): Counts {
  const sum: Counts = {};
  for (const count of counts) for (const [step, times] of Object.entries(count)) sum[step] = (sum[step] ?? 0) + times;
  return Object.fromEntries(Object.entries(sum).filter(([step, times]) => times !== 0 && step !== WIDER));
}
