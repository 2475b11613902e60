/** People of a world at the public API, each signed in with a session of their own. */
import type { World } from './world.ts';

export interface Client {
  get<T>(path: string): Promise<T>;
  send<T>(method: 'POST' | 'PATCH' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T>;
  upload<T>(path: string, file: { name: string; bytes: Uint8Array; type: string }): Promise<T>;
  /** Waits until nothing is left to do by itself. */
  quiet(): Promise<void>;
  /** Bytes of a file; `href` begins with `/api/v1`. */
  file(href: string): Promise<Buffer>;
}

/** An answer that is no success. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(request: string, status: number, body: string) {
    const problem = parse(body) as { code?: string } | undefined;
    super(`${request} → ${status} ${body.slice(0, 2000)}`);
    this.name = 'Refusal';
    this.status = status;
    this.code = problem?.code ?? '';
  }
}

/** Who a name of a scenario is; `null` is somebody who is not signed in. */
export type Clients = (name: string | null) => Promise<Client>;

export function createClients({ url, people, quiet }: Pick<World, 'url' | 'people' | 'quiet'>): Clients {
  const cookies = new Map<string, Promise<string>>();

  async function signIn(name: string): Promise<string> {
    const account = people[name];
    if (!account) throw new Error(`nobody is called ${name}: ${Object.keys(people).join('、')}`);
    const response = await request('POST', '/api/v1/session', undefined, account);
    return response.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';')[0])
      .join('; ');
  }

  async function request(method: string, path: string, cookie?: string, body?: unknown): Promise<Response> {
    const form = body instanceof FormData;
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(cookie && { cookie }),
        ...(body !== undefined && !form && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: form ? body : JSON.stringify(body) }),
    });
    if (!response.ok) throw new Refusal(`${method} ${path}`, response.status, await response.text());
    return response;
  }

  return async (name) => {
    if (name !== null && !cookies.has(name)) cookies.set(name, signIn(name));
    const cookie = name === null ? undefined : await cookies.get(name);
    const json = async <T>(method: string, path: string, body?: unknown) =>
      (await (await request(method, `/api/v1${path}`, cookie, body)).json()) as T;
    return {
      get: (path) => json('GET', path),
      send: json,
      upload(path, { name: fileName, bytes, type }) {
        const form = new FormData();
        form.set('file', new Blob([new Uint8Array(bytes)], { type }), fileName);
        return json('POST', path, form);
      },
      quiet,
      file: async (href) => Buffer.from(await (await request('GET', href, cookie)).arrayBuffer()),
    };
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
