import { FormData, Pool } from 'undici';
import { EngineError } from '../port/index.ts';
import { readAnswer, toError } from './answers.ts';

export interface RestOptions {
  /** Origin of the engine server, or the base of its REST interface (`…/engine-rest`, `…/engine-rest/engine/<name>`). */
  url: string;
  token: string;
  /** Name of the engine in the server, where `url` names none and it isn't the default engine. */
  name?: string;
  /** Milliseconds that one request may take; default 10,000. */
  timeoutMs?: number;
}

/** Requests to one engine; every failure is an `EngineError`. */
export interface Rest {
  get<T>(path: string, query?: Record<string, string>): Promise<T>;
  post<T = void>(path: string, body: object): Promise<T>;
  put(path: string, body: object): Promise<void>;
  close(): Promise<void>;
}

export const REQUEST_MS = 10_000;

/** Address below which the engine's resources lie. */
export function baseUrl({ url, name }: RestOptions): string {
  const { origin, pathname } = new URL(url);
  const path = pathname === '/' ? '/engine-rest' : pathname.replace(/\/$/, '');
  return origin + path + (name ? `/engine/${encodeURIComponent(name)}` : '');
}

/** Header that every request carries. */
export function tokenHeader(token: string): Record<string, string> {
  return { 'x-engine-token': token };
}

export function createRest(options: RestOptions): Rest {
  const base = new URL(baseUrl(options));
  const timeout = options.timeoutMs ?? REQUEST_MS;
  const pool = new Pool(base.origin, {
    connections: 32,
    connectTimeout: timeout,
    headersTimeout: timeout,
    bodyTimeout: timeout,
  });

  async function send<T>(method: 'GET' | 'POST' | 'PUT', path: string, body?: object): Promise<T> {
    const json = body && !(body instanceof FormData);
    const { status, text } = await pool
      .request({
        method,
        path: base.pathname + path,
        headers: { ...tokenHeader(options.token), ...(json && { 'content-type': 'application/json' }) },
        body: json ? JSON.stringify(body) : (body ?? null),
      })
      .then(async (answer) => ({ status: answer.statusCode, text: await answer.body.text() }))
      .catch((cause: Error) => {
        throw noAnswer(cause.message);
      });
    if (status >= 400) throw toError(readAnswer(status, text));
    return read(text) as T;
  }

  return {
    get: (path, query) => send('GET', query ? `${path}?${new URLSearchParams(query)}` : path),
    post: (path, body) => send('POST', path, body),
    put: (path, body) => send('PUT', path, body),
    close: () => pool.close(),
  };
}

function read(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw noAnswer(`no JSON: ${text}`);
  }
}

/** The engine wasn't reached, or didn't say what it did. */
export function noAnswer(detail: string): EngineError {
  return new EngineError('unavailable', 'no-answer', detail);
}
