import { request } from 'undici';
import type { Outside } from '../../core/index.ts';
import type { GatewayMessage } from './contract.ts';

const WAIT_MS = 10_000;

/** Sends through the gateway at this address; the key lets it drop what it has had already. */
export function createGatewayClient(url: string | undefined): Pick<Outside, 'send'> {
  return {
    async send(message: GatewayMessage) {
      if (!url) throw new Error('no message gateway is set: MESSAGE_GATEWAY_URL');
      const answer = await request(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': message.key },
        body: JSON.stringify(message),
        headersTimeout: WAIT_MS,
      });
      await answer.body.dump();
      if (answer.statusCode >= 300) throw new Error(`the message gateway answered ${answer.statusCode}`);
    },
  };
}
