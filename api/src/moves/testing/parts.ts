/** For tests: what generated flows are made of: the shape that is drawn, and the places that a case can come to. */
import type { TestFlow } from '../../tasks/testing.ts';

/** `limit` in working days, 0: none. */
export interface StepShape {
  limit: number;
  /** A boundary timer fires at the end of the limit: it ends the step, or begins another beside it. */
  timer: 'none' | 'ends' | 'beside';
  /** Two groups have to answer. */
  quorum: boolean;
  /** Stops the clock {@link WHOLE} while it is open. */
  stops: boolean;
}

/**
 * What stands one behind the other; branches of one step or several. A `row` has one branch. `inclusive`: the step
 * before opens all branches, the last one only, or none. `threads`: {@link DISTRICTS} each do the branch. Within a
 * sub-process, if `within` says so; the last step of a `block` may end it by an error, which a step handles.
 */
export interface PartShape {
  is: 'row' | 'parallel' | 'inclusive' | 'threads';
  within: 'flow' | 'sub' | 'block';
  branches: StepShape[][];
}
export type FlowShape = PartShape[];

/** A place where a case can be: a step, in a thread. */
export interface FlowStep extends StepShape {
  id: string;
  /** Where it stands: part, branch or thread, place in the branch. */
  at: [part: number, branch: number, place: number];
  /** Place of its thread in {@link DISTRICTS}. */
  thread: number | null;
  /** Begun by the timer of the step in the same place. */
  beside: boolean;
}

export interface FlowPart extends Pick<PartShape, 'is' | 'within'> {
  /** Of each branch or thread. */
  rows: FlowStep[][];
  /** What opens branches by its outcome. */
  decider?: FlowStep;
}

export interface GeneratedFlow {
  flow: TestFlow;
  /** The same with another limit of the last step. */
  next: TestFlow;
  parts: FlowPart[];
  steps: FlowStep[];
  /** The step whose conclusion starts {@link CONCLUDED}. */
  concludes: FlowStep;
}

/** From the first answer of the case to the last. */
export const WHOLE = { id: 'whole', limit: 'P40WD' };
/** From the last conclusion of a step; its next visit ends it. */
export const CONCLUDED = { id: 'concluded', limit: 'P10WD' };
/** Of the last step, in the first and in the next release. */
export const LIMITS = ['P5WD', 'P8WD'] as const;
export const EXITS = { withdraw: 'out', terminate: 'over' } as const;
/** Offices of the threads. */
export const DISTRICTS = ['520102', '5201'];

export const PLAIN: StepShape = { limit: 0, timer: 'none', quorum: false, stops: false };

/** What the timer of a step begins beside it. */
export function besideOf({ id, at, thread, timer }: FlowStep): FlowStep[] {
  return timer === 'beside' ? [{ ...PLAIN, id: `${id}Beside`, at, thread, beside: true }] : [];
}

/** Whether a way leads from one place to the other. */
export function leads([part, branch, place]: FlowStep['at'], to: FlowStep['at']): boolean {
  return part < to[0] || (part === to[0] && branch === to[1] && place < to[2]);
}
