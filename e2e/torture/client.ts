/** A person's browser in the test: signed in, and sending a request again with the same key until it is answered. */
import { setTimeout as pause } from 'node:timers/promises';

export interface Answer<T> {
  status: number;
  body: T;
}

export interface Client {
  get<T>(path: string): Promise<Answer<T>>;
  post<T>(path: string, body: unknown, key: string): Promise<Answer<T>>;
  patch<T>(path: string, body: unknown): Promise<Answer<T>>;
}

const GIVE_UP_MS = 240_000;

/** Signs in; `base` is asked each time, because a restarted process may have another port. */
export async function signIn(base: () => string, login: string, password: string): Promise<Client> {
  let cookie = '';

  async function send<T>(method: string, path: string, body?: unknown, key?: string): Promise<Answer<T>> {
    const until = Date.now() + GIVE_UP_MS;
    for (;;) {
      try {
        const response = await fetch(`${base()}/api/v1${path}`, {
          method,
          headers: {
            connection: 'close',
            ...(cookie && { cookie }),
            ...(body !== undefined && { 'content-type': 'application/json' }),
            ...(key && { 'idempotency-key': key }),
          },
          ...(body !== undefined && { body: JSON.stringify(body) }),
          signal: AbortSignal.timeout(20_000),
        });
        const text = await response.text();
        const set = response.headers.get('set-cookie');
        if (set) cookie = set.split(';')[0]!;
        const answer = { status: response.status, body: (text ? JSON.parse(text) : {}) as T };
        const code = (answer.body as { code?: string }).code;
        if (response.status < 500 && code !== 'in-progress') return answer;
      } catch {
        // cut or killed: nobody knows what became of it, so the same request goes again
      }
      if (Date.now() > until) throw new Error(`${method} ${path} was not answered`);
      await pause(50 + Math.random() * 200);
    }
  }

  const signed = await send<{ code?: string }>('POST', '/session', { login, password });
  if (signed.status >= 300) throw new Error(`${login} cannot sign in: ${JSON.stringify(signed.body)}`);
  return {
    get: (path) => send('GET', path),
    post: (path, body, key) => send('POST', path, body, key),
    patch: (path, body) => send('PATCH', path, body),
  };
}
