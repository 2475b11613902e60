import assert from 'node:assert/strict';
import { openApplication, type Application } from '../forms/application.testing.ts';

describe('materials', function () {
  this.timeout(60_000);
  let world: Application;
  before(async () => {
    world = await openApplication();
  });
  after(() => world.close());

  const pdf = Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n');
  const at = (owner: string, item = 'quality-manual') => `/forms/${owner}/application/materials/${item}`;

  it('take several files per item, count them, and hand them out [CMA-3.12]', async () => {
    const owner = await world.draft();
    const { status, body } = await world.send(at(owner), '质量手册.pdf', pdf);
    assert.deepEqual([status, body.files.length, body.files[0].name], [201, 1, '质量手册.pdf']);
    const shown = await world.get(body.files[0].href.replace('/api/v1', ''));
    assert.equal(shown.headers.get('content-type'), 'application/pdf');
    assert.deepEqual(Buffer.from(await shown.arrayBuffer()), pdf);
    await world.send(at(owner), '2.pdf', pdf);
    await world.send(at(owner), '3.pdf', pdf);
    const full = await world.send(at(owner), '4.pdf', pdf);
    assert.deepEqual([full.status, full.body.code], [409, 'too-many-files']);
    const gone = await world.call('DELETE', `${at(owner)}/files/${body.files[0].id}`);
    assert.equal(gone.body.files.length, 2);
    assert.equal((await world.call('DELETE', `${at(owner)}/files/${body.files[0].id}`)).status, 404);
  });

  it('keep what is replaced after a version was closed [CMA-3.12]', async () => {
    const owner = await world.draft();
    const first = (await world.send(at(owner), 'a.pdf', pdf)).body.files[0];
    await world.core.db.transaction((trx) =>
      world.forms.close(trx, { owner, form: 'application', by: null, at: new Date() }),
    );
    world.core.at('2026-11-21T05:00:00Z');
    const { body } = await world.send(`${at(owner)}?replaces=${first.id}`, 'b.pdf', pdf);
    assert.deepEqual(
      body.files.map((f: { name: string; replaced: boolean }) => [f.name, f.replaced]),
      [
        ['a.pdf', true],
        ['b.pdf', false],
      ],
    );
    const changes = await world.forms.changes(owner, 'application', 1, 2);
    assert.deepEqual(changes, [{ path: 'materials/quality-manual', before: null, after: 'b.pdf' }]);
  });

  it('refuse disguised, wrong and large files, other items, and strangers [CMA-3.12]', async () => {
    const owner = await world.draft();
    const code = async (path: string, name: string, bytes: Buffer) => (await world.send(path, name, bytes)).body.code;
    assert.equal(await code(at(owner), 'a.pdf', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)])), 'file-type');
    assert.equal(await code(at(owner), 'big.pdf', Buffer.concat([pdf, Buffer.alloc(1_100_000)])), 'file-too-large');
    assert.equal(await code(at(owner, 'nonsense'), 'a.pdf', pdf), 'not-found');
    const file = (await world.send(at(owner), 'a.pdf', pdf)).body.files[0];
    world.access.delete(`${owner}/application`);
    assert.equal((await world.get(`/files/${file.id}`)).status, 404);
    assert.equal(await code(at(owner), 'a.pdf', pdf), 'not-found');
    assert.deepEqual(await world.core.db('material').where({ owner }).count().first(), { count: '1' });
  });
});
