/**
 * The one way to talk to the api: JSON below /api/v1, problems as `ProblemError`, an Idempotency-Key on every write,
 * so that a lost answer can be asked for again without doing the thing twice.
 */
import { inject, type InjectionKey } from 'vue';
import { UPLOAD_PART } from '../../../contracts/uploads.ts';
import { offline, ProblemError, unreachable } from './problem.ts';
import { sendInParts } from './sending.ts';

export type Query = Record<string, string | number | boolean | undefined>;

export interface WriteOptions {
  /**
   * One key per action of the person; a repeated call with the same key is carried out once. A POST gets one of its
   * own where none is given; PUT, PATCH and DELETE repeat harmlessly without.
   */
  key?: string;
  signal?: AbortSignal;
}

export interface Api {
  get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T>;
  post<T>(path: string, body?: unknown, options?: WriteOptions): Promise<T>;
  put<T>(path: string, body?: unknown, options?: WriteOptions): Promise<T>;
  patch<T>(path: string, body?: unknown, options?: WriteOptions): Promise<T>;
  delete<T>(path: string, options?: WriteOptions): Promise<T>;
  /** Sends one file, a large one in parts that survive a cut connection; `progress` gets 0 to 1. */
  send<T>(path: string, file: File, progress?: (share: number) => void, signal?: AbortSignal): Promise<T>;
}

export const API_ROOT = '/api/v1';
export const apiKey: InjectionKey<Api> = Symbol('api');

export function useApi(): Api {
  const api = inject(apiKey);
  if (!api) throw new Error('no api provided');
  return api;
}

/** A new key for one action of a person. Works without a secure context, unlike `crypto.randomUUID`. */
export function actionKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Waits before a write whose answer was lost is sent again with the same key, in ms. */
const RETRY_WAITS = [400, 1500];

/** `signedOut` is called when an answer says that nobody is signed in any more. */
export function createApi({ signedOut }: { signedOut: () => unknown }): Api {
  async function call<T>(method: string, path: string, init: RequestInit): Promise<T> {
    let response: Response;
    try {
      response = await fetch(API_ROOT + path, { credentials: 'same-origin', ...init, method });
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') throw error;
      throw navigator.onLine ? unreachable() : offline();
    }
    if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T;
    const problem = await problemOf(response);
    if (problem.code === 'not-signed-in') signedOut();
    throw problem;
  }

  async function write<T>(method: string, path: string, body: unknown, options: WriteOptions = {}): Promise<T> {
    const key = options.key ?? (method === 'POST' ? actionKey() : undefined);
    const init: RequestInit = {
      headers: { 'content-type': 'application/json', ...(key && { 'idempotency-key': key }) },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: options.signal,
    };
    for (const wait of RETRY_WAITS) {
      try {
        return await call<T>(method, path, init);
      } catch (error) {
        if (!(error instanceof ProblemError) || !error.passing || error.code === 'offline') throw error;
        await pause(error.retryAfter === undefined ? wait : error.retryAfter * 1000);
      }
    }
    return call<T>(method, path, init);
  }

  return {
    get: (path, query, signal) => call('GET', path + search(query), { signal }),
    post: (path, body, options) => write('POST', path, body, options),
    put: (path, body, options) => write('PUT', path, body, options),
    patch: (path, body, options) => write('PATCH', path, body, options),
    delete: (path, options) => write('DELETE', path, undefined, options),
    async send<T>(path: string, file: File, progress?: (share: number) => void, signal?: AbortSignal) {
      if (file.size <= UPLOAD_PART) {
        const form = new FormData();
        form.append('file', file, file.name);
        return upload<T>(path, form, progress, signal, signedOut);
      }
      const parts = { call, storage: localStorage, pause: untilOnline };
      return write<T>('POST', path, { upload: await sendInParts(parts, file, progress, signal) }, { signal });
    },
  };
}

function search(query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== '') params.set(name, `${value}`);
  return params.size > 0 ? `?${params}` : '';
}

async function problemOf(response: Response): Promise<ProblemError> {
  const body: unknown = await response.json().catch(() => ({}));
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new ProblemError(response.status, body as object, Number.isFinite(retryAfter) ? retryAfter : undefined);
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

/** Until the network is back, and no longer than this. */
function untilOnline(ms: number): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(end, ms);
    addEventListener('online', end);
    function end() {
      clearTimeout(timer);
      removeEventListener('online', end);
      done();
    }
  });
}

/** fetch cannot tell how much has been sent, so uploads use XMLHttpRequest. */
function upload<T>(
  path: string,
  form: FormData,
  progress: ((share: number) => void) | undefined,
  signal: AbortSignal | undefined,
  signedOut: () => unknown,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', API_ROOT + path);
    request.setRequestHeader('idempotency-key', actionKey());
    request.upload.onprogress = (event) => event.lengthComputable && progress?.(event.loaded / event.total);
    request.onload = () => {
      const body = parse(request.responseText);
      if (request.status < 300) return resolve(body as T);
      const problem = new ProblemError(request.status, body as object);
      if (problem.code === 'not-signed-in') signedOut();
      reject(problem);
    };
    request.onerror = () => reject(navigator.onLine ? unreachable() : offline());
    request.onabort = () => reject(new DOMException('aborted', 'AbortError'));
    signal?.addEventListener('abort', () => request.abort());
    request.send(form);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
