/** What an engine must do for the product to work on it: each fact that the architecture builds on, as a test. */
import type { Bench, MakeBench } from './bench.ts';
import { createKit, type Kit } from './kit.ts';
import { deploying } from './deploying.ts';
import { starting } from './starting.ts';
import { completing } from './completing.ts';
import { moving } from './moving.ts';
import { threads } from './threads.ts';
import { jobs } from './jobs.ts';
import { working } from './working.ts';
import { migrating } from './migrating.ts';
import { deciding } from './deciding.ts';
import { wall } from './wall.ts';
import { watching } from './watching.ts';
import { firing } from './firing.ts';

export type { Bench, MakeBench } from './bench.ts';
export { createKit, eventually, refuses, type Case, type Kit } from './kit.ts';
export * as models from './models.ts';

/** What the groups of tests get: filled before the first test runs. */
export interface Given extends Bench, Kit {}

/** Declares the suite for one engine. */
export function conformance(engine: string, makeBench: MakeBench): void {
  describe(`${engine}: conformance`, () => {
    const given = {} as Given;

    before(async function () {
      this.timeout(60_000);
      const bench = await makeBench({ executor: false });
      Object.assign(given, bench, createKit(bench.port));
    });
    after(() => given.close?.());

    for (const declare of [
      deploying,
      starting,
      completing,
      moving,
      threads,
      jobs,
      working,
      migrating,
      deciding,
      wall,
      watching,
    ])
      declare(given);
    firing(makeBench);
  });
}
