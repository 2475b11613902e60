import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { UPLOAD_PART } from '../../../contracts/uploads.ts';
import { openApplication, subject, type Application } from '../forms/application.testing.ts';
import { who } from '../forms/testing.ts';

describe('uploads in parts', function () {
  this.timeout(60_000);
  let world: Application;
  before(async () => {
    world = await openApplication();
  });
  after(() => world.close());

  const pdf = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(2 * UPLOAD_PART, ' '), Buffer.from('%%EOF\n')]);
  const part = (i: number) => pdf.subarray(i * UPLOAD_PART, (i + 1) * UPLOAD_PART);
  const begin = async (size = pdf.length): Promise<string> => {
    const { status, body } = await world.call('POST', '/uploads', { name: '../质量手册.pdf', size });
    assert.equal(status, 201, JSON.stringify(body));
    return body.id;
  };
  const put = (id: string, at: number, bytes: Uint8Array) => world.putBytes(`/uploads/${id}/parts/${at}`, bytes);

  it('arrive in order, each part once, and stand for the file [PLT-2.3]', async () => {
    const id = await begin();
    assert.deepEqual((await put(id, 0, part(0))).body, { id, received: UPLOAD_PART });
    assert.deepEqual((await put(id, 0, part(0))).body, { id, received: UPLOAD_PART }, 'an answer that got lost');
    const early = await put(id, 2 * UPLOAD_PART, part(2));
    assert.deepEqual([early.status, early.body.code, early.body.facts], [409, 'upload-at', { received: UPLOAD_PART }]);
    const owner = await world.draft(subject);
    const to = `/forms/${owner}/application/materials/quality-manual`;
    assert.equal((await world.call('POST', to, { upload: id })).body.fields[0]!.path, 'upload', 'not whole yet');
    // The connection was cut; whoever sends asks how far it came.
    assert.deepEqual((await world.call('GET', `/uploads/${id}`)).body, { id, received: UPLOAD_PART });
    await put(id, UPLOAD_PART, part(1));
    assert.deepEqual((await put(id, 2 * UPLOAD_PART, part(2))).body, { id, received: pdf.length });
    const { status, body } = await world.call('POST', to, { upload: id });
    assert.equal(status, 201, JSON.stringify(body));
    const [{ name, size, href }] = body.files;
    assert.deepEqual([name, size], ['质量手册.pdf', pdf.length]);
    const file = await world.get(href.replace('/api/v1', ''));
    assert.ok(Buffer.from(await file.arrayBuffer()).equals(pdf));
  });

  it('are kept encrypted, and for a day at most', async () => {
    const id = await begin();
    await put(id, 0, part(0));
    const { content } = await world.core.db('upload_part').where({ upload_id: id }).first();
    assert.equal(Buffer.from(content, 'base64').includes('%PDF'), false);
    await world.core
      .db('upload')
      .where({ id })
      .update({ created_at: new Date('2020-01-01') });
    await begin();
    assert.equal((await world.call('GET', `/uploads/${id}`)).status, 404);
    assert.equal(await world.core.db('upload_part').where({ upload_id: id }).first(), undefined);
  });

  it('are refused when they are too large, in odd parts, or another person’s', async () => {
    const { status, body } = await world.call('POST', '/uploads', { name: 'a.pdf', size: 2_000_000_000 });
    assert.deepEqual([status, body.code], [413, 'file-too-large']);
    const id = await begin();
    assert.equal((await put(id, 0, Buffer.alloc(10))).status, 400);
    assert.equal((await put(id, 0, Buffer.alloc(UPLOAD_PART + 1))).status, 400);
    const mine = who.personId;
    who.personId = randomUUID();
    try {
      assert.equal((await world.call('GET', `/uploads/${id}`)).status, 404);
      assert.equal((await put(id, 0, part(0))).status, 404);
    } finally {
      who.personId = mine;
    }
  });
});
