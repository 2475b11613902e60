/** For tests and the benchmark: generated flows released one after the other, a case of each. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createVerify } from '../../audit/index.ts';
import { openFlowWorld } from '../../tasks/testing.ts';
import { deeds, type Deed } from './deeds.ts';
import { everyKind, flowOf, flowShapes } from './flows.ts';
import { PLAIN, type FlowShape, type PartShape } from './parts.ts';
import { addPeople } from './people.ts';
import { driveCase, type Tally } from './series.ts';

/** A morning early in a year whose calendar is loaded, and one after which no case begins in it. */
const BEGIN = new Date('2026-02-25T09:00:00+08:00');
const ENOUGH = new Date('2026-09-25T09:00:00+08:00');
const row = (...of: Partial<PartShape['branches'][0][0]>[]): PartShape => ({
  ...{ is: 'row', within: 'flow' },
  branches: [of.map((one) => ({ ...PLAIN, ...one }))],
});
const once = (what: object): Deed => ({ days: 1, at: 0, ...what }) as Deed;
const answer = once({ do: 'answer', other: false });
const back = (to: number, straight: boolean) => once({ do: 'return', to, straight });
/** Everything that can be done, once at least. */
const EXAMPLE: [FlowShape, Deed[]] = [
  [row({ limit: 2, timer: 'ends', stops: true }, {})],
  [
    ...[answer, answer, answer, back(1, true), answer, back(1, true), once({ do: 'fire' }), once({ do: 'type' })],
    ...[answer, back(0, false), answer, once({ do: 'fire' }), answer, back(1, true), answer],
    ...[once({ do: 'take-back' }), once({ do: 'migrate' }), answer, once({ do: 'terminate' })],
  ],
];

export interface Series {
  /** An example and so many generated flows; what was done how often. Fails with flows and series where the book does not hold. */
  run(o: { flows: number; seed: number }): Promise<Required<Tally>>;
  close(): Promise<void>;
}

export async function openSeries(): Promise<Series> {
  let world = await open();

  async function open() {
    const opened = await openFlowWorld('series-test', flowOf(EXAMPLE[0]).flow, { at: BEGIN });
    await addPeople(opened);
    return opened;
  }

  /** The files are whole. */
  async function verify(): Promise<void> {
    const { faults } = await createVerify(world.core)();
    assert.deepEqual(faults, []);
  }

  async function nextYear(): Promise<void> {
    await verify();
    await world.close();
    world = await open();
  }

  return {
    async run({ flows, seed }) {
      const total: Required<Tally> = {
        ...{ answered: 0, returned: 0, straight: 0, lapsed: 0, fired: 0 },
        ...{ typed: 0, takenBack: 0, migrated: 0, left: 0 },
      };
      const sample = (_: unknown, i: number) =>
        fc.sample(fc.tuple(everyKind[i] ?? flowShapes, deeds), { numRuns: 1, seed: seed + i })[0]!;
      const chosen = [EXAMPLE, ...Array.from({ length: flows }, sample)];
      const failures: string[] = [];
      for (const [index, [shape, series]] of chosen.entries()) {
        if (world.core.time.now() > ENOUGH) await nextYear();
        const given = flowOf(shape);
        await world.release(given.flow);
        try {
          const tally = await driveCase(world, given, series);
          for (const [did, times] of Object.entries(tally)) total[did as keyof Tally] += times;
        } catch (error) {
          const { message, stack } = error as Error;
          const told = [
            `flow ${index} of MOVE_SEED=${seed}: ${message}`,
            JSON.stringify(shape),
            JSON.stringify(series),
          ];
          failures.push([...told, stack].join('\n'));
        }
      }
      assert.equal(failures.length, 0, failures.join('\n\n'));
      await verify();
      return total;
    },
    close: () => world.close(),
  };
}
