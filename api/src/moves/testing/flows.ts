/** For tests: small generated flows as packages: what stands one behind the other, and what each step has. */
import fc from 'fast-check';
import {
  besideOf,
  DISTRICTS,
  LIMITS,
  PLAIN,
  type FlowPart,
  type FlowShape,
  type FlowStep,
  type GeneratedFlow,
  type PartShape,
  type StepShape,
} from './parts.ts';
import { written } from './written.ts';

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
