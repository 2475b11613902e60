import type { EnginePort } from '../port/index.ts';
import { cases } from './cases.ts';
import { deployments } from './deployments.ts';
import type { Failpoints } from './failpoints.ts';
import { jobs } from './jobs.ts';
import { createRest, type RestOptions } from './rest.ts';
import { works } from './works.ts';
import { createWorker } from './worker.ts';

export interface Camunda7Options extends RestOptions {
  failpoints?: Failpoints;
}

/** The engine port over one Camunda 7 engine. */
export function createCamunda7(options: Camunda7Options): EnginePort {
  const rest = createRest(options);
  return {
    ready: () =>
      rest.get('/deployment/count').then(
        () => true,
        () => false,
      ),
    ...deployments(rest),
    ...cases(rest, options.failpoints),
    ...jobs(rest),
    ...works(rest),
    worker: (worker) => createWorker(options, worker),
    close: () => rest.close(),
  };
}
