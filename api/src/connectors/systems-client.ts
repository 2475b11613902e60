import { request } from 'undici';
import type { Outside } from '../core/index.ts';
import type { Counterpart } from './system.ts';

const WAIT_MS = 10_000;

export interface SystemsClientOptions {
  /** Address of each system by its name. */
  urls: Record<string, string>;
  /** Answers in place of systems without an address: in the demonstration. */
  standIn?: Counterpart;
}

/** Asks outside systems; the key lets them know a repetition. */
export function createSystemsClient({ urls, standIn }: SystemsClientOptions): Pick<Outside, 'call'> {
  return {
    async call(call) {
      const url = urls[call.system];
      if (!url && standIn) return standIn(call);
      if (!url) throw new Error(`no address of ${call.system} is set: OUTSIDE_SYSTEMS`);
      const answer = await request(`${url}${call.path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': call.key },
        body: JSON.stringify(call.body),
        headersTimeout: WAIT_MS,
        bodyTimeout: WAIT_MS,
      });
      return { status: answer.statusCode, body: jsonOr(await answer.body.text()) };
    },
  };
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
