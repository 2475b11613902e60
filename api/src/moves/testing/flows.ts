/** For tests: small generated flows as packages, with rows, parallel branches, limits, timers, quorum and clocks. */
import fc from 'fast-check';
import { end, outcome, path, start, user, type TestFlow } from '../../tasks/testing.ts';

/** `limit` in working days, 0: none; `timed`: a boundary timer ends the step with its limit. */
interface StepShape {
  limit: number;
  timed: boolean;
  /** Two groups have to answer. */
  quorum: boolean;
  /** Stops the clock {@link WHOLE} while it is open. */
  stops: boolean;
}
/** What stands one behind the other: branches of one step or several; a single branch is a plain row. */
export type FlowShape = StepShape[][][];

export interface FlowStep extends StepShape {
  id: string;
  /** Where it stands: part, branch, place in the branch. */
  at: [part: number, branch: number, place: number];
}

export interface GeneratedFlow {
  flow: TestFlow;
  /** The same with another limit of the last step. */
  next: TestFlow;
  steps: FlowStep[];
  /** Number of branches of each part. */
  parts: number[];
  /** The step whose conclusion starts {@link CONCLUDED}. */
  concludes: string;
}

/** From the first answer of the case to the last. */
export const WHOLE = { id: 'whole', limit: 'P40WD' };
/** From the last conclusion of a step; its next visit ends it. */
export const CONCLUDED = { id: 'concluded', limit: 'P10WD' };
/** Of the last step, in the first and in the next release. */
export const LIMITS = ['P5WD', 'P8WD'] as const;
export const EXITS = { withdraw: 'out', terminate: 'over' } as const;

const step: fc.Arbitrary<StepShape> = fc
  .record({ limit: fc.nat(4), timed: fc.nat(2), quorum: fc.nat(3), stops: fc.nat(2) })
  .map(({ limit, timed, quorum, stops }) => ({
    limit,
    timed: timed > 0 && limit > 0 && quorum > 0,
    quorum: quorum === 0,
    stops: stops === 0,
  }));
const branch = fc.array(step, { minLength: 1, maxLength: 2 });
export const flowShapes: fc.Arbitrary<FlowShape> = fc.array(
  fc.oneof(fc.tuple(branch), { weight: 2, arbitrary: fc.tuple(branch, branch) }),
  { minLength: 1, maxLength: 2 },
);

const plain: StepShape = { limit: 0, timed: false, quorum: false, stops: false };
const go = outcome('go', { kind: 'primary' });
const outcomesOf = (quorum: boolean) => [go, outcome('other', quorum ? { otherwise: true } : {})];

/** The flow of a shape, between a first and a last step. */
export function flowOf(shape: FlowShape): GeneratedFlow {
  const parts: FlowShape = [[[plain]], ...shape, [[plain]]];
  const steps: FlowStep[] = parts.flatMap((branches, part) =>
    branches.flatMap((row, i) =>
      row.map((one, place) => ({ ...one, id: `s${part}${'ab'[i]!}${place}`, at: [part, i, place] as FlowStep['at'] })),
    ),
  );
  const [first, concludes, last] = [steps[0]!.id, steps[1]!.id, steps.at(-1)!.id];
  const gateway = (kind: string, id: string) => `<bpmn:${kind}Gateway id="${id}" name="${id}" />`;

  function element({ id, at, limit, timed, quorum, stops }: FlowStep, lastLimit: string): string {
    const returnTo = steps.filter((other) => leads(other.at, at)).map((other) => other.id);
    const task = user(id, quorum ? 'cma.acceptance,cma.examine' : 'cma.acceptance', outcomesOf(quorum), {
      actions: returnTo.length > 0 ? 'return, take-back' : 'take-back',
      ...(returnTo.length > 0 && { returnTo: returnTo.join(',') }),
      ...(id === last ? { limit: lastLimit } : limit > 0 && { limit: `P${limit}WD` }),
      ...(quorum && { quorum: 'all' }),
      ...(stops && { clock: `${WHOLE.id}=stop:technical-review` }),
    });
    if (!timed) return task;
    const timer = `<bpmn:boundaryEvent id="${id}Late" name="late" attachedToRef="${id}"><bpmn:timerEventDefinition id="${id}Timer" /></bpmn:boundaryEvent>`;
    return task + timer + gateway('exclusive', `${id}Past`) + path(`${id} ${id}Past`) + path(`${id}Late ${id}Past`);
  }

  const clock = (decl: { id: string; limit: string }, from: string[], until: string[], more = {}) => ({
    ...{ ...decl, ...more, from, until },
    ...{ title: { zh: decl.id, en: decl.id }, basis: '《行政许可法》' },
  });
  const either = (id: string) => [`outcome:${id}=go`, `outcome:${id}=other`];
  const given = { title: { zh: '退出', en: 'Leave' } };
  const late = steps[1]!.timed ? [`boundary:${concludes}Late`] : [];

  function release(lastLimit: string): TestFlow {
    const ways: string[] = [];
    let before = 'start';
    parts.forEach((branches, part) => {
      const [from, to] = branches.length > 1 ? [`fork${part}`, `join${part}`] : [before, ''];
      if (to) ways.push(gateway('parallel', from), gateway('parallel', to), path(`${before} ${from}`));
      for (const branch of branches.keys()) {
        const row = steps.filter(({ at }) => at[0] === part && at[1] === branch);
        before = from;
        for (const { id, timed } of row) {
          ways.push(path(`${before} ${id}`));
          before = timed ? `${id}Past` : id;
        }
        if (to) ways.push(path(`${before} ${to}`));
      }
      if (to) before = to;
    });
    const exits = Object.entries(EXITS).map(
      ([kind, id]) => user(id, 'cma.acceptance', [go], { exit: kind }) + end(kind) + path(`${id} ${kind}`),
    );
    return {
      flow: {
        ...{ form: 'report', start: { roles: ['cma.acceptance'] } },
        withdraw: { ...given, until: steps.map(({ id }) => id), exit: EXITS.withdraw },
        terminate: { ...given, groups: ['cma.acceptance'], exit: EXITS.terminate },
        clocks: [
          clock(WHOLE, either(first), either(last)),
          clock(CONCLUDED, [...either(concludes), ...late], [...either(last), `entered:${concludes}`], { again: true }),
        ],
      },
      forms: { report: [{ type: 'textfield', key: 'name', label: '名称' }] },
      model: [
        ...[start, ...steps.map((one) => element(one, lastLimit)), end('done')],
        ...[...ways, path(`${before} done`), ...exits],
      ].join(''),
    };
  }
  return { flow: release(LIMITS[0]), next: release(LIMITS[1]), steps, parts: parts.map((of) => of.length), concludes };
}

/** Whether a way leads from one place to the other. */
export function leads([part, branch, place]: FlowStep['at'], to: FlowStep['at']): boolean {
  return part < to[0] || (part === to[0] && branch === to[1] && place < to[2]);
}
