import assert from 'node:assert/strict';
import type { Bench, MakeBench } from './bench.ts';
import { createKit, eventually, type Kit } from './kit.ts';
import { end, path, start, timer, user } from './models.ts';

/** What needs an engine whose timers fire by themselves. */
export function firing(makeBench: MakeBench): void {
  describe('timers that fire by themselves [ENGINE 21]', () => {
    let bench: Bench;
    let kit: Kit;
    before(async () => {
      bench = await makeBench({ executor: true });
      kit = createKit(bench.port);
    });
    after(() => bench?.close());

    it('do so some seconds after their date at the latest, and not in 9999', async () => {
      const definition = await kit.deploy('timed', [
        ...[start('s'), user('a'), timer('late', 'a'), user('b'), end('e'), path('s a e'), path('late b e')],
      ]);
      const [due, never] = [await kit.begin(definition), await kit.begin(definition)];
      const [job] = await bench.port.jobs({ instanceId: due.id });
      await bench.port.setJobDue(job!.id, new Date());
      await eventually(async () => (await kit.shape(due)) === '(b)', 10_000);
      assert.equal(await kit.shape(never), '(a)');
    });
  });
}
