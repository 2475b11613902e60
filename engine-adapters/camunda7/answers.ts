import { EngineError, type EngineErrorKind } from '../port/index.ts';

/** An answer of the engine that isn't 2xx. */
export interface Answer {
  status: number;
  /** The engine's own number of the error, where it gives one. */
  code: number | null;
  type: string;
  message: string;
  /** Ids of the elements that a refused model names. */
  elements: string[];
}

interface Row {
  status?: number;
  code?: number;
  type?: string;
  message?: RegExp;
  kind: EngineErrorKind;
  as: string;
}

/** Read from above, the first row that fits counts. */
const ROWS: Row[] = [
  { status: 401, kind: 'unavailable', as: 'token-refused' },
  { message: /Process engine \S+ not available/, kind: 'unavailable', as: 'no-such-engine' },
  { status: 502, kind: 'unavailable', as: 'no-answer' },
  { status: 503, kind: 'unavailable', as: 'no-answer' },
  { status: 504, kind: 'unavailable', as: 'no-answer' },

  { code: 1, kind: 'conflict', as: 'concurrent' },
  { code: 10000, kind: 'conflict', as: 'deadlock' },
  { code: 10001, kind: 'conflict', as: 'concurrent' },
  { code: 10002, kind: 'invalid', as: 'variable-too-long' },

  { message: /task is null/, kind: 'gone', as: 'task-gone' },
  { message: /locked by worker/, kind: 'gone', as: 'work-taken' },
  { message: /external task with id .* (does not exist|exists)/i, kind: 'gone', as: 'work-gone' },
  { message: /(no job (found )?with id|job with id .* does not exist)/i, kind: 'gone', as: 'job-gone' },
  { message: /process instance (with id )?\S+ does not exist/i, kind: 'gone', as: 'instance-gone' },
  {
    message: /(execution|process instance) .*(is null|not found|doesn't exist|cannot be found)/i,
    kind: 'gone',
    as: 'instance-gone',
  },

  { message: /ENGINE-03043/, kind: 'refused', as: 'suspended' },
  { message: /ENGINE-02004/, kind: 'refused', as: 'no-flow-matches' },
  { message: /ENGINE-(02042|13033)/, kind: 'refused', as: 'error-not-caught' },
  { message: /ENGINE-09027/, kind: 'refused', as: 'bad-date' },
  { message: /ENGINE-02025/, kind: 'refused', as: 'bad-collection' },
  { message: /ENGINE-2300[24]/, kind: 'refused', as: 'cannot-migrate' },
  { message: /Unknown (property|method)/, kind: 'refused', as: 'expression' },
];

/** Turns an answer into one of the five kinds. Unknown refusals keep the engine's text as `detail`. */
export function toError(answer: Answer): EngineError {
  const row = ROWS.find(
    (r) =>
      (r.status === undefined || r.status === answer.status) &&
      (r.code === undefined || r.code === answer.code) &&
      (r.type === undefined || r.type === answer.type) &&
      (r.message === undefined || r.message.test(answer.message)),
  );
  return new EngineError(row?.kind ?? 'refused', row?.as ?? 'unknown', answer.message, answer.elements[0]);
}

/** Reads the body of an answer; a body that isn't the engine's (a proxy's, an empty one) becomes the message. */
export function readAnswer(status: number, text: string): Answer {
  try {
    const { code, type, message, details } = JSON.parse(text) as {
      code?: number | null;
      type?: string;
      message?: string;
      details?: Record<string, { errors: { mainElementId: string | null }[] }>;
    };
    const elements = Object.values(details ?? {}).flatMap((file) => file.errors.map((error) => error.mainElementId));
    return {
      status,
      code: code ?? null,
      type: type ?? '',
      message: message ?? text,
      elements: elements.filter((id) => id !== null),
    };
  } catch {
    return { status, code: null, type: '', message: text, elements: [] };
  }
}
