/** For tests: the areas' routes behind the real door, and browsers that keep their cookie. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AnyRoute } from '../core/index.ts';
import type { TestCore } from '../core/testing.ts';
import { createHttpApp } from '../main/http-app.ts';
import type { Identity } from './index.ts';

export interface Answer {
  status: number;
  /** Parsed JSON, or `{text}`. */
  body: Record<string, never>;
  headers: Headers;
}

export interface Browser {
  cookie: string;
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

export interface TestSite {
  url: string;
  browser(): Browser;
  /** A browser of somebody who has signed in; throws when that fails. */
  signedIn(credentials: { login: string; password: string }): Promise<Browser>;
  close(): Promise<void>;
}

export async function openTestSite(core: TestCore, identity: Identity, routes: AnyRoute[]): Promise<TestSite> {
  const { identify, middleware } = identity;
  const ready = () => Promise.resolve({});
  const http = createHttpApp(core, { routes: [...identity.routes, ...routes], identify, middleware, ready });
  const server = createServer(http).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const browser = () => openBrowser(url);

  return {
    url,
    browser,
    async signedIn(credentials) {
      const one = browser();
      const answer = await one.send('POST', '/session', credentials);
      if (answer.status !== 200)
        throw new Error(`${credentials.login}: ${answer.status} ${JSON.stringify(answer.body)}`);
      return one;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await identity.close();
    },
  };
}

/** A browser at `<url>/api/v1`, with no session yet. */
export function openBrowser(url: string): Browser {
  return {
    cookie: '',
    async send(method, path, body, headers = {}) {
      const response = await fetch(`${url}/api/v1${path}`, {
        method,
        headers: { ...(body !== undefined && { 'content-type': 'application/json' }), cookie: this.cookie, ...headers },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const [set] = response.headers.getSetCookie();
      if (set) this.cookie = set.split(';')[0] ?? '';
      const text = await response.text();
      return { status: response.status, body: json(text), headers: response.headers };
    },
  };
}

function json(text: string): Record<string, never> {
  try {
    return JSON.parse(text);
  } catch {
    return JSON.parse(JSON.stringify({ text }));
  }
}
