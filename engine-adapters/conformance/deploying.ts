import assert from 'node:assert/strict';
import type { Given } from './index.ts';
import { refuses } from './kit.ts';
import { end, flow, gateway, model, path, start, table, user } from './models.ts';

export function deploying(on: Given): void {
  describe('deploying [ENGINE 1, 14]', () => {
    const bytes = (text: string) => new TextEncoder().encode(text);
    const files = (form: string) => [
      { name: 'twice.bpmn', bytes: bytes(model('twice', [start('s'), user('a'), end('e'), path('s a e')])) },
      { name: 'a.form', bytes: bytes(form) },
    ];

    it('deploys equal bytes of one name once, and everything anew when one byte differs', async () => {
      const first = await on.port.deploy({ name: 'twice', files: files('{"v":1}') });
      const again = await on.port.deploy({ name: 'twice', files: files('{"v":1}') });
      const changed = await on.port.deploy({ name: 'twice', files: files('{"v":2}') });
      assert.equal(first.unchanged, false);
      assert.deepEqual(again, { ...first, unchanged: true });
      assert.equal(changed.unchanged, false);
      assert.deepEqual(
        changed.definitions.map(({ key, version }) => ({ key, version })),
        [{ key: 'twice', version: 2 }],
      );
    });

    it('compares with the latest deployment of the name only', async () => {
      const back = await on.port.deploy({ name: 'twice', files: files('{"v":1}') });
      assert.equal(back.unchanged, false);
      assert.equal(back.definitions[0]!.version, 3);
    });

    it('names the element of a model that it refuses', async () => {
      const oneCondition = [start('s'), gateway('exclusive', 'g'), end('e'), path('s g'), flow('g', 'e', 'x')];
      await refuses(on.deploy('refused', oneCondition), { kind: 'invalid', code: 'model', where: 'g' });
    });

    it('refuses a deployment that defines nothing, and a DOCTYPE', async () => {
      const deploy = (xml: string) =>
        on.port.deploy({ name: 'none', files: [{ name: 'none.bpmn', bytes: bytes(xml) }] });
      const plain = model('none', [start('s'), end('e'), path('s e')]);
      await refuses(deploy(plain.replace('isExecutable="true"', 'isExecutable="false"')), {
        kind: 'invalid',
        code: 'nothing-defined',
      });
      await refuses(deploy(plain.replace('?>', '?><!DOCTYPE definitions [<!ENTITY x "y">]>')), {
        kind: 'invalid',
        code: 'model',
      });
    });

    it('deploys decision tables without a process', async () => {
      const dmn = { name: 't.dmn', bytes: bytes(table('alone', ['x', 'out'], [['', '"yes"']])) };
      const first = await on.port.deploy({ name: 'alone', files: [dmn] });
      const again = await on.port.deploy({ name: 'alone', files: [dmn] });
      assert.deepEqual(first.definitions, []);
      assert.deepEqual(again, { ...first, unchanged: true });
    });

    it('keeps a running case on the definition it began with', async () => {
      const steps = [start('s'), user('a'), user('b'), end('e')];
      const it = await on.run('kept', [...steps, path('s a b e')]);
      await on.deploy('kept', [...steps, path('s a e'), path('b e')]);
      await on.complete(it, 'a');
      assert.equal(await on.shape(it), '(b)');
    });
  });
}
