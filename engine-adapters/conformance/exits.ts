import assert from 'node:assert/strict';
import type { MoveInstruction } from '../port/index.ts';
import type { Given } from './index.ts';
import type { Case } from './kit.ts';
import { branches, end, path, start, sub, timer, user, work } from './models.ts';

export function exits(on: Given): void {
  const begin = (activityId: string): MoveInstruction => ({ kind: 'start', activityId });

  describe('exits [ENGINE 17]', () => {
    const exit = [work('notice'), end('withdrawn'), path('notice withdrawn')];
    const leave = async (it: Case, to: string, order: 'startsFirst' | 'cancelsFirst') => {
      const { children } = await on.port.tree(it.id);
      const cancels = children.map(({ id }): MoveInstruction => ({ kind: 'cancel', instanceId: id }));
      await on.port.move(it.id, order === 'startsFirst' ? [begin(to), ...cancels] : [...cancels, begin(to)]);
    };

    it('do not begin by themselves', async () => {
      const it = await on.run('resting', [...branches('parallel'), ...exit]);
      assert.equal(await on.shape(it), '(pre)');
    });

    it('that begin with work complete the case', async () => {
      const it = await on.run('left', [...branches('parallel'), ...exit]);
      await on.complete(it, 'pre a');
      await leave(it, 'notice', 'startsFirst');
      assert.equal(await on.shape(it), '(notice)');
      await on.work('notice', async () => {});
      assert.equal(await on.state(it), 'completed');
    });

    it('that are a bare end event delete the case instead when cancels come after', async () => {
      const bare = [...branches('parallel'), end('withdrawn')];
      const ended = await on.run('bare', bare);
      await leave(ended, 'withdrawn', 'startsFirst');
      assert.equal(await on.state(ended), 'ended');
      const completed = await on.begin(ended.definitionId);
      await leave(completed, 'withdrawn', 'cancelsFirst');
      assert.equal(await on.state(completed), 'completed');
    });

    it('take scopes and timers of nested sub-processes along', async () => {
      const inner = sub('inner', [start('is'), user('fix'), end('ie'), path('is fix ie')]);
      const outer = sub('outer', [start('os'), inner, end('oe'), path('os inner oe')]);
      const it = await on.run('deep', [
        ...[start('s'), outer, timer('late', 'outer'), end('e'), path('s outer e'), path('late e'), ...exit],
      ]);
      await leave(it, 'notice', 'startsFirst');
      assert.deepEqual(await on.port.jobs({ instanceId: it.id }), []);
      await on.work('notice', async () => {});
      assert.equal(await on.state(it), 'completed');
    });
  });

  describe('parts on demand [ENGINE 17]', () => {
    const part = (mainEnd: string) => [
      ...[start('s'), user('a'), timer('late', 'a'), mainEnd, end('e2'), path('s a e'), path('late e2')],
      ...[user('extend'), end('extended'), path('extend extended')],
    ];

    it('begin beside the main flow, which keeps its task, activity instance and timer', async () => {
      const it = await on.run('beside', part(end('e')));
      const main = await on.node(it, 'a');
      const [timed] = await on.port.jobs({ instanceId: it.id });
      await on.port.move(it.id, [begin('extend')]);
      assert.equal(await on.shape(it), '(a extend)');
      const { id, taskIds } = await on.node(it, 'a');
      assert.deepEqual({ id, taskIds }, { id: main.id, taskIds: main.taskIds });
      assert.deepEqual(await on.port.jobs({ instanceId: it.id }), [timed]);
      await on.complete(it, 'extend');
      assert.equal(await on.shape(it), '(a)');
    });

    it('hold the case open after the main flow, unless that ends with a terminate end', async () => {
      const waiting = await on.run('waiting', part(end('e')));
      await on.port.move(waiting.id, [begin('extend')]);
      await on.complete(waiting, 'a');
      assert.equal(await on.shape(waiting), '(extend)');
      const terminated = await on.run('terminated', part(end('e', 'terminate')));
      await on.port.move(terminated.id, [begin('extend')]);
      await on.complete(terminated, 'a');
      assert.equal(await on.state(terminated), 'completed');
    });
  });
}
