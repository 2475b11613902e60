/**
 * Errors that a person may see. One kind per code, each with a Chinese and an English text; served as
 * `application/problem+json`. Whatever is thrown and is not a Problem becomes a 500 with a reference only.
 */

/** A place in what was sent, and how to mend it. `path` is a JSON pointer without the leading slash, such as `profile/uscc` or `capabilities/17/standardNo`. */
export interface FieldProblem {
  path: string;
  zh: string;
  en: string;
}

export interface ProblemDetails {
  zh?: string;
  en?: string;
  fields?: FieldProblem[];
  /** Facts for the screen: who was faster, since when, what it says now. */
  facts?: Record<string, unknown>;
  /** Seconds after which the same request makes sense again. */
  retryAfter?: number;
}

export class Problem extends Error {
  readonly code: string;
  readonly status: number;
  readonly zh: string;
  readonly en: string;
  readonly fields: FieldProblem[];
  readonly facts: Record<string, unknown>;
  readonly retryAfter: number | undefined;

  constructor(code: string, status: number, zh: string, en: string, details: ProblemDetails = {}) {
    super(`${code}: ${en}`);
    this.code = code;
    this.status = status;
    this.zh = details.zh ?? zh;
    this.en = details.en ?? en;
    this.fields = details.fields ?? [];
    this.facts = details.facts ?? {};
    this.retryAfter = details.retryAfter;
  }

  /** The body of the answer (RFC 9457 with our members). */
  toJSON() {
    return {
      type: `about:blank#${this.code}`,
      code: this.code,
      status: this.status,
      title: this.zh,
      zh: this.zh,
      en: this.en,
      ...(this.fields.length > 0 && { fields: this.fields }),
      ...(Object.keys(this.facts).length > 0 && { facts: this.facts }),
    };
  }
}

export type ProblemKind = (details?: ProblemDetails) => Problem;

/** Declares one kind of error; call the result to make an instance: `throw notFound()`. */
export function problemKind(code: string, status: number, zh: string, en: string): ProblemKind {
  return (details) => new Problem(code, status, zh, en, details);
}

export const invalidInput = problemKind('invalid', 400, '有内容要改', 'Something has to be corrected');
export const notSignedIn = problemKind('not-signed-in', 401, '登录后再办', 'Sign in first');
export const notAllowed = problemKind('not-allowed', 403, '您没有办这件事的权限', 'You have no right to do this');
/** Also the answer to somebody who may not know that the thing exists. */
export const notFound = problemKind(
  'not-found',
  404,
  '没有找到，或不在您的管辖范围',
  'Not found, or outside your scope',
);
export const stale = problemKind(
  'stale',
  409,
  '别处刚改过，看过新的再改',
  'Changed elsewhere meanwhile; look at it first',
);
/** Both versions of what two people (or one at two devices) have changed, for the page to show. */
export interface Versions {
  /** What the next write has to say that it has seen. */
  seen: string | number | null;
  theirs: unknown;
  yours: unknown;
  by?: string;
}
export const staleWrite = (versions: Versions): Problem => stale({ facts: { ...versions } });
export const inProgress = problemKind('in-progress', 409, '同一请求正在办理', 'The same request is being carried out');
export const keyReused = problemKind(
  'key-reused',
  422,
  '同一个 Idempotency-Key 用在了不同的请求上',
  'This Idempotency-Key was used for another request',
);
