import assert from 'node:assert/strict';
import type { Given } from './index.ts';
import { refuses } from './kit.ts';
import { branches, end, flow, gateway, path, start, timer, user, work } from './models.ts';

export function migrating(on: Given): void {
  describe('migrating [ENGINE 5, 9]', () => {
    const timed = (...steps: string[]) => [
      ...[start('s'), user('a'), timer('late', 'a'), end('e'), end('e2'), path('late e2')],
      ...steps,
    ];

    it('keeps the task, its groups and the date of its timer', async () => {
      const old = timed(path('s a e')).map((element) =>
        element.replace('id="a"', 'id="a" camunda:candidateGroups="old"'),
      );
      const it = await on.run('migrated', old);
      const { taskIds } = await on.node(it, 'a');
      const [job] = await on.port.jobs({ instanceId: it.id });
      await on.port.setJobDue(job!.id, new Date('2030-01-02T00:00:00Z'));
      const [moved] = await on.port.jobs({ instanceId: it.id });
      const toDefinition = await on.deploy('migrated', timed(user('b'), path('s a b e')));
      await on.port.migrate({ instanceId: it.id, fromDefinition: it.definitionId, toDefinition });
      assert.deepEqual((await on.node(it, 'a')).taskIds, taskIds);
      assert.deepEqual(await on.port.jobs({ instanceId: it.id }), [moved]);
      const groups = await on.sql(`select group_id_ from engine.act_ru_identitylink where task_id_ = $1`, taskIds);
      assert.deepEqual(groups, [{ group_id_: 'old' }]);
      await on.complete(it, 'a');
      assert.equal(await on.shape(it), '(b)');
    });

    it('refuses a case at a step that is no longer there, unless the step is mapped', async () => {
      const it = await on.run('removed', [start('s'), user('a'), user('b'), end('e'), path('s a b e')]);
      const toDefinition = await on.deploy('removed', [start('s'), user('z'), user('b'), end('e'), path('s z b e')]);
      const migration = { instanceId: it.id, fromDefinition: it.definitionId, toDefinition };
      await refuses(on.port.migrate(migration), { kind: 'refused', code: 'cannot-migrate' });
      await on.port.migrate({ ...migration, mapping: { a: 'z' } });
      assert.equal(await on.shape(it), '(z)');
      await refuses(on.port.migrate(migration), { kind: 'refused', code: 'other-definition' });
    });

    it('writes variables that the other model reads, so that nobody’s decision fails on them', async () => {
      const it = await on.run('variables', [start('s'), user('a'), end('e'), path('s a e')]);
      const toDefinition = await on.deploy('variables', [
        ...[start('s'), user('a'), gateway('exclusive', 'g', 'g-e'), user('b'), end('e'), path('s a g e'), path('b e')],
        flow('g', 'b', "b_outcome == 'again'"),
      ]);
      const migration = { instanceId: it.id, fromDefinition: it.definitionId, toDefinition };
      await on.port.migrate({ ...migration, variables: { b_outcome: null } });
      await on.complete(it, 'a');
      assert.equal(await on.port.tree(it.id).catch(() => null), null);
    });

    it('does not ask for a branch that the other model has more: the tokens wait at the join for ever', async () => {
      const it = await on.run('third', branches('parallel'));
      await on.complete(it, 'pre');
      const more = [...branches('parallel'), user('x'), path('fk x jn')];
      const toDefinition = await on.deploy('third', more);
      await on.port.migrate({ instanceId: it.id, fromDefinition: it.definitionId, toDefinition });
      await on.complete(it, 'a');
      await on.complete(it, 'b');
      assert.equal(await on.shape(it), '(jn jn)');
    });

    it('keeps the id and the topic of work', async () => {
      const it = await on.run('topics', [start('s'), work('w', 'old-topic'), end('e'), path('s w e')]);
      const [before] = await on.port.openWork({ instanceId: it.id });
      const toDefinition = await on.deploy('topics', [start('s'), work('w', 'new-topic'), end('e'), path('s w e')]);
      await on.port.migrate({ instanceId: it.id, fromDefinition: it.definitionId, toDefinition });
      assert.deepEqual(await on.port.openWork({ instanceId: it.id }), [before]);
      assert.equal(before!.topic, 'old-topic');
    });

    it('refuses an instance that is gone', async () => {
      const it = await on.run('ended', [start('s'), user('a'), end('e'), path('s a e')]);
      await on.complete(it, 'a');
      await refuses(
        on.port.migrate({ instanceId: it.id, fromDefinition: it.definitionId, toDefinition: it.definitionId }),
        { kind: 'gone', code: 'instance-gone' },
      );
    });
  });
}
