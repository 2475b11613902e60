import { request } from 'undici';
import type { Outside } from '../core/index.ts';

/** Sends through the gateway of the authority; `key` lets the gateway drop what it has had already. */
export function createOutside(gateway: string | undefined): Outside {
  return {
    async send(message) {
      if (!gateway) throw new Error('no message gateway is set: MESSAGE_GATEWAY_URL');
      const answer = await request(gateway, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': message.key },
        body: JSON.stringify(message),
        headersTimeout: 10_000,
      });
      await answer.body.dump();
      if (answer.statusCode >= 300) throw new Error(`the message gateway answered ${answer.statusCode}`);
    },
  };
}
