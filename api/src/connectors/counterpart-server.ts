/** A small server that stands for all outside systems: `POST /<system>/<path>`, as their clients call them. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { counterparts, systems } from './systems.ts';
import type { OutsideCall } from './system.ts';

export interface CounterpartServer {
  /** Address of each system. */
  urls: Record<string, string>;
  /** What arrived, in order, repetitions too. */
  received: OutsideCall[];
  /** Statuses of the next answers, in place of the real ones; 0 hangs up without a word after the call was carried out. */
  fail(...statuses: number[]): void;
  close(): Promise<void>;
}

export async function openCounterpartServer(): Promise<CounterpartServer> {
  const answers = counterparts();
  const received: OutsideCall[] = [];
  const failures: number[] = [];
  const server = createServer((req, res) => {
    void (async () => {
      const [, system = '', ...rest] = (req.url ?? '').split('/');
      const key = String(req.headers['idempotency-key'] ?? '');
      const call = { system, path: `/${rest.join('/')}`, key, body: JSON.parse(await text(req)) as unknown };
      received.push(call);
      const failure = failures.shift();
      const answer = failure ? { status: failure, body: { message: 'not now' } } : answers(call);
      if (failure === 0) return void res.destroy();
      res.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
    })();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    urls: Object.fromEntries(Object.keys(systems).map((system) => [system, `${base}/${system}`])),
    received,
    fail: (...statuses) => void failures.push(...statuses),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
