import type { Variables } from './engine.ts';

/** One visit of an external-task step. A repeated delivery has the same `id`, a return to the step a new one. */
export interface Work {
  id: string;
  topic: string;
  /** The case's number. */
  businessKey: string | null;
  instanceId: string;
  definitionKey: string;
  definitionId: string;
  activityId: string;
  activityInstanceId: string;
  executionId: string;
  /** All variables that the step sees; those that are not of a simple type are left out. */
  variables: Variables;
  /** Tries that are left, null before the first failure. */
  retries: number | null;
  /** The step's extension properties, as written in the model. */
  properties: Record<string, string>;
}

/**
 * Does the work and returns the variables to write, or throws `BusinessError`, `RetryableError` or `PermanentError`.
 * Any other error counts as retryable. Delivered at least once.
 */
export type WorkHandler = (work: Work) => Promise<Variables | void>;

/**
 * What a worker tells besides its results: `fetch` the engine didn't answer a fetch; `extend` a lock could not be
 * extended; `gone` the work was cancelled or taken over meanwhile; `retry` it failed and will be tried again;
 * `incident` it failed for good; `unreported` the engine could not be told the result: the work is delivered again
 * when its lock ends.
 */
export type WorkReport = 'fetch' | 'extend' | 'gone' | 'retry' | 'incident' | 'unreported';

export interface WorkerOptions {
  /** Unique per process. */
  id: string;
  topics: Record<string, WorkHandler>;
  /** Handlers at once, over all topics; default 20. */
  concurrency?: number;
  /** Handlers at once of single topics. */
  limits?: Record<string, number>;
  /** Milliseconds between two fetches when nobody wakes the worker; default 5,000. */
  pollMs?: number;
  /** Milliseconds that work is locked for; extended at half time while the handler runs; default 30,000. */
  lockMs?: number;
  report(kind: WorkReport, error: Error, work?: Work): void;
}

export interface EngineWorker {
  /** Fetches at once, or once more when a fetch is under way. */
  wake(): void;
  /** Work that is being handled. */
  busy(): number;
  /** Resolves when no fetch is under way and nothing is being handled. */
  idle(): Promise<void>;
  /** Fetches once and starts the handlers; the number of work items got. */
  fetchNow(): Promise<number>;
  /** Fetches no more and resolves when everything that runs has been reported. */
  stop(): Promise<void>;
}
