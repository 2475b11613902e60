import { EngineError, type EngineErrorKind } from '../port/index.ts';

/** An answer of the engine that isn't 2xx. */
export interface Answer {
  status: number;
  /** The engine's own number of the error, where it gives one. */
  code: number | null;
  message: string;
  /** Ids of the elements that a refused model names. */
  elements: string[];
}

interface Row {
  status?: number;
  code?: number;
  /** A group named `where` holds the id of an element. */
  message?: RegExp;
  kind: EngineErrorKind;
  as: string;
}

/** Read from above, the first row that fits counts. The examples of each are in the test. */
const ROWS: Row[] = [
  { status: 401, kind: 'unavailable', as: 'token-refused' },
  { message: /^No process engine available/, kind: 'unavailable', as: 'no-such-engine' },
  { status: 502, kind: 'unavailable', as: 'no-answer' },
  { status: 503, kind: 'unavailable', as: 'no-answer' },
  { status: 504, kind: 'unavailable', as: 'no-answer' },

  { code: 1, kind: 'conflict', as: 'concurrent' },
  { code: 10000, kind: 'conflict', as: 'deadlock' },
  { code: 10001, kind: 'conflict', as: 'concurrent' },
  { code: 10002, kind: 'invalid', as: 'variable-too-long' },
  // a key that is taken, a foreign key, a database that is away: the engine tells them apart in its log only
  { message: /An exception occurred in the persistence layer/, kind: 'unavailable', as: 'persistence' },

  { message: /: task is null/, kind: 'gone', as: 'task-gone' },
  { message: /It is locked by worker/, kind: 'gone', as: 'work-taken' },
  { message: /External task with id .* does not exist/, kind: 'gone', as: 'work-gone' },
  { message: /No job found with id/, kind: 'gone', as: 'job-gone' },
  { message: /(Activity|Ancestor activity|Transition) instance .* does not exist/, kind: 'gone', as: 'token-gone' },
  { message: /Process instance .* does not exist/, kind: 'gone', as: 'instance-gone' },

  { message: /ENGINE-0900[35]|ENGINE-22/, kind: 'invalid', as: 'model' },
  { message: /ENGINE-23001/, kind: 'invalid', as: 'bad-mapping' },
  { message: /Element '(?<where>.*)' does not exist in process/, kind: 'invalid', as: 'no-such-step' },
  { message: /Ancestor activity execution is ambiguous/, kind: 'invalid', as: 'ancestor-needed' },
  {
    message: /no deployed process definition found|process definition with id .* does not exist/,
    kind: 'invalid',
    as: 'no-such-definition',
  },
  { message: /No matching decision definition/, kind: 'invalid', as: 'no-such-table' },

  { message: /ENGINE-03043/, kind: 'refused', as: 'suspended' },
  { message: /ENGINE-02004 .* id '(?<where>[^']*)'/, kind: 'refused', as: 'no-flow-matches' },
  { message: /ENGINE-(02042|13033)/, kind: 'refused', as: 'error-not-caught' },
  { message: /ENGINE-09027/, kind: 'refused', as: 'bad-date' },
  { message: /ENGINE-0202[45]/, kind: 'refused', as: 'bad-collection' },
  { message: /ENGINE-23002/, kind: 'refused', as: 'other-definition' },
  { message: /ENGINE-23004/, kind: 'refused', as: 'cannot-migrate' },
  { message: /Exception while evaluating decision/, kind: 'refused', as: 'decision-table' },
  { message: /Unknown (property|method)/, kind: 'refused', as: 'expression' },
];

/** Turns an answer into one of the five kinds; what no row knows is `refused (unknown)`. */
export function toError(answer: Answer): EngineError {
  const row = ROWS.find(
    ({ status = answer.status, code = answer.code, message = /(?:)/ }) =>
      status === answer.status && code === answer.code && message.test(answer.message),
  );
  const where = answer.elements[0] ?? row?.message?.exec(answer.message)?.groups?.where;
  return new EngineError(row?.kind ?? 'refused', row?.as ?? 'unknown', answer.message, where);
}

/** Reads the body of an answer; a body that isn't the engine's (a proxy's, an empty one) becomes the message. */
export function readAnswer(status: number, text: string): Answer {
  try {
    const { code, message, details } = JSON.parse(text) as {
      code?: number | null;
      message?: string;
      details?: Record<string, { errors: { mainElementId: string | null }[] }>;
    };
    const elements = Object.values(details ?? {}).flatMap((file) => file.errors.map((error) => error.mainElementId));
    return {
      status,
      code: code ?? null,
      message: message ?? text,
      elements: elements.filter((id) => id !== null),
    };
  } catch {
    return { status, code: null, message: text, elements: [] };
  }
}
