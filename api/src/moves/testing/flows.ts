/** For tests: small generated flows as packages: what stands one behind the other, and what each step has. */
import fc from 'fast-check';
import type { TestFlow } from '../../tasks/testing.ts';
import { written } from './written.ts';

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

const step: fc.Arbitrary<StepShape> = fc
  .record({ limit: fc.nat(4), timer: fc.nat(5), quorum: fc.nat(3), stops: fc.nat(2) })
  .map(({ limit, timer, quorum, stops }) => ({
    limit,
    timer: limit === 0 || quorum === 0 ? 'none' : timer > 3 ? 'beside' : timer > 0 ? 'ends' : 'none',
    quorum: quorum === 0,
    stops: stops === 0,
  }));
const branch = fc.array(step, { minLength: 1, maxLength: 2 });
const one = fc.tuple(branch);
const two = fc.tuple(branch, branch);
const part = (is: PartShape['is'], within: PartShape['within'], branches: fc.Arbitrary<StepShape[][]>) =>
  fc.record({ is: fc.constant(is), within: fc.constant(within), branches });
const PARTS = [
  [part('row', 'flow', one), part('threads', 'flow', one)],
  [part('parallel', 'flow', two), part('row', 'block', one)],
  [part('inclusive', 'flow', two), part('row', 'sub', one)],
  [part('parallel', 'sub', two), part('inclusive', 'sub', two)],
] as const;
/** Flows that together have a part of each kind. */
export const everyKind: fc.Arbitrary<FlowShape>[] = PARTS.map((pair) => fc.tuple(...pair));
export const flowShapes: fc.Arbitrary<FlowShape> = fc.array(fc.oneof(...PARTS.flat()), { minLength: 1, maxLength: 2 });

export const PLAIN: StepShape = { limit: 0, timer: 'none', quorum: false, stops: false };

/** The flow of a shape, between a first and a last step. */
export function flowOf(shape: FlowShape): GeneratedFlow {
  const parts: FlowPart[] = [];
  row([PLAIN]);
  for (const { is, within, branches } of shape) {
    const decider = is === 'inclusive' ? row([PLAIN]).at(-1) : undefined;
    const part: FlowPart = { is, within, rows: [], ...(decider && { decider }) };
    const rows = is === 'threads' ? DISTRICTS.map(() => branches[0]!) : branches;
    parts.push(part);
    part.rows = rows.map((of, i) => of.map((one, place) => placed(one, i, place, is === 'threads' ? i : null)));
    if (within !== 'block') continue;
    const last = part.rows[0]!.at(-1)!;
    Object.assign(last, { quorum: false });
    row([PLAIN], last);
  }
  row([PLAIN]);
  const steps = parts.flatMap(({ rows }) => rows.flat()).flatMap((step) => [step, ...besideOf(step)]);
  const concludes = parts.slice(1, -1).find(({ is }) => is !== 'threads')?.rows[0]![0] ?? parts[0]!.rows[0]![0]!;
  const given = { parts, steps, concludes };
  return { ...given, flow: written(given, LIMITS[0]), next: written(given, LIMITS[1]) };

  function row(of: StepShape[], decider?: FlowStep): FlowStep[] {
    const part: FlowPart = { is: 'row', within: 'flow', rows: [], ...(decider && { decider }) };
    parts.push(part);
    part.rows = [of.map((one, place) => placed(one, 0, place, null))];
    return part.rows[0]!;
  }

  function placed(one: StepShape, branch: number, place: number, thread: number | null): FlowStep {
    const part = parts.length - 1;
    const letter = thread === null ? 'ab'[branch]! : 't';
    return { ...one, id: `s${part}${letter}${place}`, at: [part, branch, place], thread, beside: false };
  }
}

/** What the timer of a step begins beside it. */
export function besideOf({ id, at, thread, timer }: FlowStep): FlowStep[] {
  return timer === 'beside' ? [{ ...PLAIN, id: `${id}Beside`, at, thread, beside: true }] : [];
}

/** Whether a way leads from one place to the other. */
export function leads([part, branch, place]: FlowStep['at'], to: FlowStep['at']): boolean {
  return part < to[0] || (part === to[0] && branch === to[1] && place < to[2]);
}
