import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EnginePort } from '../port/index.ts';
import { createCamunda7 } from './index.ts';

/** What happens on the wire; what the engine itself does is the conformance suite's matter. */
describe('connections to the engine', () => {
  let server: Server;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  let url: string;
  const hits: string[] = [];
  const requests: string[] = [];
  let port: EnginePort;

  beforeEach(async () => {
    hits.length = 0;
    requests.length = 0;
    server = createServer((request, response) => {
      requests.push(`${request.method} ${request.url} ${request.headers['x-engine-token']}`);
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/engine-rest`;
    const failpoints = { hit: async (name: string) => void hits.push(name) };
    port = createCamunda7({ url, token: 'secret', name: 'one', failpoints });
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await port.close();
  });
  const unavailable = { kind: 'unavailable', code: 'no-answer' };

  it('carry the token to the engine of the given name', async () => {
    answer = (_, response) => response.writeHead(204).end();
    await port.complete('7', {});
    assert.deepEqual(requests, ['POST /engine-rest/engine/one/task/7/complete secret']);
  });

  it('go to the default engine of an origin', async () => {
    answer = (_, response) => response.writeHead(204).end();
    const atOrigin = createCamunda7({ url: new URL(url).origin, token: 'secret' });
    await atOrigin.complete('7', {});
    assert.deepEqual(requests, ['POST /engine-rest/task/7/complete secret']);
    await atOrigin.close();
  });

  it('end after the time that a request may take', async () => {
    const impatient = createCamunda7({ url, token: 'secret', timeoutMs: 100 });
    answer = () => {};
    await assert.rejects(impatient.complete('7', {}), unavailable);
    answer = (_, response) => response.writeHead(200).write('{');
    await assert.rejects(impatient.tree('7'), unavailable);
    await impatient.close();
  });

  it('that are cut say nothing about what was done, and are not used for a second try', async () => {
    answer = (request) => request.socket.destroy();
    await assert.rejects(port.complete('7', {}), unavailable);
    assert.equal(requests.length, 1);
  });

  it('that nobody takes are told alike', async () => {
    const nobody = createCamunda7({ url: 'http://127.0.0.1:1/engine-rest', token: 'secret' });
    await assert.rejects(nobody.complete('7', {}), unavailable);
    assert.equal(await nobody.ready(), false);
    await nobody.close();
  });

  it('with an answer that is no JSON are told alike', async () => {
    answer = (_, response) => response.writeHead(200).end('<html>');
    await assert.rejects(port.tree('7'), unavailable);
  });

  it('have failpoints before and after what changes a case', async () => {
    answer = (_, response) => response.writeHead(200).end('{"id":"7"}');
    await port.start({ definitionId: 'd', businessKey: 'k', variables: {} });
    await port.complete('7', {});
    await port.move('7', [{ kind: 'start', activityId: 'a' }]);
    assert.deepEqual(
      hits,
      ['start', 'complete', 'move'].flatMap((name) => [`engine.${name}.before`, `engine.${name}.after`]),
    );
  });

  it('have no failpoint after what failed', async () => {
    answer = (_, response) => response.writeHead(503).end();
    await assert.rejects(port.complete('7', {}), unavailable);
    assert.deepEqual(hits, ['engine.complete.before']);
  });
});
