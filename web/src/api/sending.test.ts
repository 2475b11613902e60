import assert from 'node:assert/strict';
import { UPLOAD_PART } from '../../../contracts/uploads.ts';
import { ProblemError } from './problem.ts';
import { sendInParts } from './sending.ts';

/** A server that keeps what arrives, and a line to it that can be cut. */
function createServer() {
  const uploads = new Map<string, { size: number; bytes: Uint8Array[] }>();
  const received = (id: string) => uploads.get(id)!.bytes.reduce((sum, part) => sum + part.length, 0);
  const server = {
    uploads,
    /** Parts that still get through; then the line is cut. */
    left: Infinity,
    sent: 0,
    async call(method: string, path: string, { body }: RequestInit) {
      if (server.left <= 0) throw new ProblemError(0, { code: 'offline' });
      if (method === 'POST') {
        const id = `u${uploads.size + 1}`;
        uploads.set(id, { size: (JSON.parse(body as string) as { size: number }).size, bytes: [] });
        return { id, received: 0 };
      }
      const [, , id, , at] = path.split('/') as [string, string, string, string, string];
      if (!uploads.has(id)) throw new ProblemError(404, { code: 'not-found' });
      if (method === 'GET' || Number(at) < received(id)) return { id, received: received(id) };
      assert.equal(Number(at), received(id));
      uploads.get(id)!.bytes.push(new Uint8Array(await (body as Blob).arrayBuffer()));
      server.left -= 1;
      server.sent += 1;
      return { id, received: received(id) };
    },
  };
  return server;
}

function createStorage() {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
}

describe('a large file on its way', () => {
  const bytes = new Uint8Array(5 * UPLOAD_PART - 100).map((_, i) => i % 251);
  const file = new File([bytes], '质量手册.pdf', { lastModified: 1 });
  const whole = (parts: Uint8Array[]) => Buffer.concat(parts).equals(Buffer.from(bytes));

  it('goes on at 80 % when the connection was cut and is back [PLT-2.3]', async () => {
    const server = createServer();
    const storage = createStorage();
    const shares: number[] = [];
    server.left = 4;
    const pause = async () => void (server.left = Infinity);
    const id = await sendInParts({ call: server.call, storage, pause }, file, (share) => shares.push(share));
    assert.ok(whole(server.uploads.get(id)!.bytes));
    assert.equal(server.sent, 5, 'nothing is sent twice');
    assert.deepEqual(
      shares.map((share) => Math.round(share * 10) / 10),
      [0, 0.2, 0.4, 0.6, 0.8, 1],
    );
    assert.equal(storage.kept.size, 0);
  });

  it('is left to the person when the network stays away, and goes on after a reload [PLT-2.3]', async () => {
    const server = createServer();
    const storage = createStorage();
    let waits = 0;
    const pause = async () => void (waits += 1);
    server.left = 3;
    await assert.rejects(sendInParts({ call: server.call, storage, pause }, file), { code: 'offline' });
    assert.ok(waits > 0);
    server.left = Infinity;
    const id = await sendInParts({ call: server.call, storage, pause }, file);
    assert.ok(whole(server.uploads.get(id)!.bytes));
    assert.deepEqual([server.uploads.size, server.sent], [1, 5]);
  });

  it('begins anew where the server has forgotten it', async () => {
    const server = createServer();
    const storage = createStorage();
    storage.setItem(`zhunyu.upload.${file.name}.${file.size}.1`, 'long-gone');
    const id = await sendInParts({ call: server.call, storage, pause: async () => {} }, file);
    assert.ok(whole(server.uploads.get(id)!.bytes));
  });
});
