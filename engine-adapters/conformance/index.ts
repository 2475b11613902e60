/** What an engine must do for the product to work on it: each fact that the architecture builds on, as a test. */
import type { Bench, MakeBench } from './bench.ts';
import { createKit, type Kit } from './kit.ts';
import { completing } from './completing.ts';
import { deciding } from './deciding.ts';
import { delivering } from './delivering.ts';
import { deploying } from './deploying.ts';
import { exits } from './exits.ts';
import { firing } from './firing.ts';
import { jobs } from './jobs.ts';
import { migrating } from './migrating.ts';
import { moving } from './moving.ts';
import { starting } from './starting.ts';
import { threads } from './threads.ts';
import { wall } from './wall.ts';
import { watching } from './watching.ts';
import { working } from './working.ts';

export type { Bench, MakeBench } from './bench.ts';
export { createKit, eventually, refuses, type Case, type Kit } from './kit.ts';
export * as models from './models.ts';

/** What the groups of tests get: filled before the first test runs. */
export interface Given extends Bench, Kit {}

/** Declares the suite for one engine. */
export function conformance(engine: string, makeBench: MakeBench): void {
  describe(`${engine}: conformance`, function () {
    this.timeout(30_000);
    const given = {} as Given;

    before(async () => {
      const bench = await makeBench({ executor: false });
      Object.assign(given, bench, createKit(bench.port));
    });
    after(() => given.close?.());

    const groups = [deploying, starting, completing, moving, exits, threads, jobs, working, delivering, migrating];
    for (const declare of [...groups, deciding, wall, watching]) declare(given);
    firing(makeBench);
  });
}
