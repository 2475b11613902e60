import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { createGatewayClient } from './client.ts';
import { createGatewayServer, type GatewayServer } from './server.ts';

describe('message gateway', () => {
  let gateway: GatewayServer;
  let server: Server;
  let url: string;
  before(async () => {
    gateway = createGatewayServer();
    server = express().use('/messages', gateway.router).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/messages`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const message = {
    channel: 'sms',
    to: '13800005016',
    subject: '受理通知',
    text: '<您的申请>已受理',
    key: 'k1',
  } as const;

  it('takes a message once, however often it is sent, and shows it [PLT-2.6]', async () => {
    const client = createGatewayClient(url);
    await client.send(message);
    await client.send(message);
    await client.send({ ...message, channel: 'mail', to: 'a@example.com', key: 'k2' });
    assert.deepEqual(
      gateway.outbox.map(({ channel, to }) => [channel, to]),
      [
        ['sms', '13800005016'],
        ['mail', 'a@example.com'],
      ],
    );
    const page = await (await fetch(url)).text();
    assert.match(page, /短信.*13800005016/s);
    assert.match(page, /&lt;您的申请&gt;已受理/);
  });

  it('says what went wrong: no gateway, or one that refuses', async () => {
    await assert.rejects(createGatewayClient(undefined).send(message), /MESSAGE_GATEWAY_URL/);
    await assert.rejects(createGatewayClient(`${url}/nowhere`).send(message), /answered 404/);
  });
});
