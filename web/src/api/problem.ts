import type { Said } from './types.ts';

export interface FieldProblem extends Said {
  path: string;
}

/**
 * What the api answered instead of what was asked (`application/problem+json`), or that it could not be reached:
 * `offline` (this device has no network) and `unreachable` (the server does not answer) are made here.
 */
export class ProblemError extends Error {
  readonly code: string;
  readonly status: number;
  readonly said: Said;
  readonly fields: FieldProblem[];
  readonly facts: Record<string, unknown>;
  /** Seconds after which the same request makes sense again. */
  readonly retryAfter: number | undefined;
  /** What a person can tell the operator, such as `E-7F31`. */
  readonly reference: string | undefined;

  constructor(status: number, body: Partial<ProblemBody>, retryAfter?: number) {
    super(`${status} ${body.code ?? 'unknown'}`);
    this.status = status;
    this.code = body.code ?? 'unknown';
    this.said = { zh: body.zh ?? '没有办成，可以再试一次', en: body.en ?? 'This did not work; try again' };
    this.fields = body.fields ?? [];
    this.facts = body.facts ?? {};
    this.retryAfter = retryAfter;
    const reference = body.reference ?? this.facts.reference;
    this.reference = typeof reference === 'string' ? reference : undefined;
  }

  /** The same request may succeed later without anybody changing anything. */
  get passing(): boolean {
    return this.status === 0 || this.status === 503 || this.code === 'in-progress';
  }
}

/** Facts of the problem `stale`: both versions of what was changed. */
export interface Versions<T = unknown, Seen extends string | number = string> {
  /** What the next write says that it has seen. */
  seen: Seen | null;
  theirs: T;
  yours: T;
  by?: string;
}

interface ProblemBody extends Said {
  code: string;
  fields: FieldProblem[];
  facts: Record<string, unknown>;
  reference: string;
}

export function offline(): ProblemError {
  return new ProblemError(0, {
    code: 'offline',
    zh: '网络断开。已填的内容还在，恢复后再试',
    en: 'No network. What you entered is kept; try again when it is back',
  });
}

export function unreachable(): ProblemError {
  return new ProblemError(0, {
    code: 'unreachable',
    zh: '服务器没有应答。已保存的内容不会丢，过一会儿再试',
    en: 'The server does not answer. What was saved is safe; try again in a moment',
  });
}
