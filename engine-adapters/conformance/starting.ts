import assert from 'node:assert/strict';
import type { Given } from './index.ts';
import { refuses } from './kit.ts';
import { end, path, start, user } from './models.ts';

export function starting(on: Given): void {
  describe('starting [ENGINE 3]', () => {
    let definitionId: string;
    before(async () => {
      definitionId = await on.deploy('started', [start('s'), user('a'), end('e'), path('s a e')]);
    });
    const begin = (businessKey: string) => on.port.start({ definitionId, businessKey, variables: {} });

    it('starts a key once, also after its case has ended', async () => {
      const { instanceId } = await begin('once');
      await refuses(begin('once'), { kind: 'conflict', code: 'key-taken' });
      assert.deepEqual(await on.port.find('once'), { instanceId, state: 'active' });
      await on.complete({ id: instanceId, key: 'once', definitionId }, 'a');
      await refuses(begin('once'), { kind: 'conflict', code: 'key-taken' });
      assert.deepEqual(await on.port.find('once'), { instanceId, state: 'completed' });
    });

    it('lets one of several simultaneous starts win', async () => {
      const results = await Promise.allSettled(Array.from({ length: 5 }, () => begin('raced')));
      const lost = results.filter((result) => result.status === 'rejected');
      assert.equal(lost.length, 4);
      for (const { reason } of lost) assert.equal(reason.code, 'key-taken');
    });

    it('finds nothing for a key that was never used', async () => {
      assert.equal(await on.port.find('never'), null);
    });

    it('refuses an unknown definition', async () => {
      await refuses(on.port.start({ definitionId: 'no:1:such', businessKey: 'x', variables: {} }), {
        kind: 'invalid',
        code: 'no-such-definition',
      });
    });
  });
}
