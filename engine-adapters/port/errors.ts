import type { Variables } from './engine.ts';

/**
 * - `gone`: the task, work, job or instance isn't there any more (done, cancelled, or never there): look up what happened;
 * - `conflict`: another transaction was faster or the key is taken: look, then ask again at once;
 * - `refused`: the engine will not do this in the case's present state (no flow matches, a variable is missing …);
 * - `unavailable`: no answer, or none that says whether it was done: ask again later, it may have been done;
 * - `invalid`: the request is wrong and stays wrong.
 */
export type EngineErrorKind = 'gone' | 'conflict' | 'refused' | 'unavailable' | 'invalid';

/** The only error that an {@link EnginePort} throws. `detail` is for operators, never for the people of a case. */
export class EngineError extends Error {
  readonly kind: EngineErrorKind;
  /** Stable word for the cause, such as `task-gone` or `no-flow-matches`. */
  readonly code: string;
  /** Id of the model's element that the engine named. */
  readonly where: string | undefined;
  readonly detail: string;

  constructor(kind: EngineErrorKind, code: string, detail: string, where?: string) {
    super(`${kind} (${code})${where ? ` at ${where}` : ''}: ${detail}`);
    this.name = 'EngineError';
    this.kind = kind;
    this.code = code;
    this.where = where;
    this.detail = detail;
  }
}

/** A handler's result that the model provides for: a BPMN error. Where nobody catches it, the work stops as an incident. */
export class BusinessError extends Error {
  readonly code: string;
  readonly variables: Variables | undefined;

  constructor(code: string, message: string, variables?: Variables) {
    super(message);
    this.name = 'BusinessError';
    this.code = code;
    this.variables = variables;
  }
}

/** The work may succeed later: tried three times in all, then an incident. */
export class RetryableError extends Error {
  /** Milliseconds until the next try; the worker's default where not given. */
  readonly afterMs: number | undefined;

  constructor(message: string, afterMs?: number) {
    super(message);
    this.name = 'RetryableError';
    this.afterMs = afterMs;
  }
}

/** The work cannot succeed without an operator: an incident at once. */
export class PermanentError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PermanentError';
  }
}
