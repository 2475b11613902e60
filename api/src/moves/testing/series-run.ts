/** For tests and the benchmark: generated flows released one after the other, several cases of each. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createVerify } from '../../audit/index.ts';
import { openFlowWorld } from '../../tasks/testing.ts';
import { flowOf, flowShapes, type FlowShape } from './flows.ts';
import { COUNTERSIGNER, deeds, driveCase, OFFICERS, type Deed, type Tally } from './series.ts';

/** A morning early in a year whose calendar is loaded. */
const BEGIN = new Date('2026-02-25T09:00:00+08:00');
const CASES = 2;
const plain = { limit: 0, timed: false, quorum: false, stops: false };
const once = (what: object): Deed => ({ days: 1, at: 0, ...what }) as Deed;
const answer = once({ do: 'answer', other: false });
const back = (to: number, straight: boolean) => once({ do: 'return', to, straight });
/** Everything that can be done, once at least. */
const EXAMPLE: [FlowShape, Deed[][]] = [
  [[[{ ...plain, limit: 2, timed: true, stops: true }, plain]]],
  [
    [
      ...[answer, answer, answer, back(1, true), answer, back(1, true), once({ do: 'fire' }), answer],
      ...[back(0, false), answer, once({ do: 'fire' }), answer, back(1, true), answer],
      ...[once({ do: 'take-back' }), once({ do: 'migrate' }), answer, once({ do: 'terminate' })],
    ],
  ],
];

export interface Series {
  /** An example and so many generated flows; what was done how often. Fails with flow and series where the oracle does not hold. */
  run(o: { flows: number; seed: number }): Promise<Required<Tally>>;
  close(): Promise<void>;
}

export async function openSeries(): Promise<Series> {
  const world = await openFlowWorld('series-test', flowOf(EXAMPLE[0]).flow, { at: BEGIN });
  for (const name of OFFICERS) await world.person(name, '520102', ['cma.acceptance']);
  await world.person(COUNTERSIGNER, '520102', ['cma.examine']);

  return {
    async run({ flows, seed }) {
      const total: Required<Tally> = {
        ...{ answered: 0, returned: 0, straight: 0, lapsed: 0 },
        ...{ fired: 0, takenBack: 0, migrated: 0, left: 0 },
      };
      const samples = fc.tuple(flowShapes, fc.array(deeds, { minLength: CASES, maxLength: CASES }));
      const chosen: [FlowShape, Deed[][]][] = [EXAMPLE, ...fc.sample(samples, { numRuns: flows, seed })];
      for (const [index, [shape, all]] of chosen.entries())
        for (const series of all) {
          const given = flowOf(shape);
          await world.release(given.flow);
          try {
            const tally = await driveCase(world, given, series);
            for (const [did, times] of Object.entries(tally)) total[did as keyof Tally] += times;
          } catch (error) {
            const { message } = error as Error;
            const told = [message, JSON.stringify(shape), ...series.map((one) => JSON.stringify(one))].join('\n');
            throw new Error(`flow ${index} of MOVE_SEED=${seed}: ${told}`, { cause: error });
          }
        }
      const { faults } = await createVerify(world.core)();
      assert.deepEqual(faults, []);
      return total;
    },
    close: () => world.close(),
  };
}
