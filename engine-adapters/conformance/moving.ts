import assert from 'node:assert/strict';
import type { MoveInstruction } from '../port/index.ts';
import type { Given } from './index.ts';
import { refuses, type Case } from './kit.ts';
import { branches, end, path, start, sub, timer, user } from './models.ts';

export function moving(on: Given): void {
  const begin = (activityId: string): MoveInstruction => ({ kind: 'start', activityId });
  const cancel = async (it: Case, activityId: string): Promise<MoveInstruction> => ({
    kind: 'cancel',
    instanceId: (await on.node(it, activityId)).id,
  });

  describe('moving [ENGINE 6]', () => {
    describe('order in one scope', () => {
      const scoped = [
        start('s'),
        sub('sp', [start('ss'), user('a'), user('b'), end('se'), path('ss a b se')], { inputs: { a_outcome: null } }),
        ...[timer('late', 'sp'), end('e'), end('e2'), path('s sp e'), path('late e2')],
      ];
      const inside = async (it: Case) => {
        const [job] = await on.port.jobs({ instanceId: it.id });
        const [local] = await on.sql<{ value: string }>(
          `select text_ as value from engine.act_ru_variable where proc_inst_id_ = $1 and name_ = 'a_outcome'`,
          [it.id],
        );
        return { job: job!.id, scope: (await on.node(it, 'sp')).id, outcome: local!.value };
      };

      it('keeps scope, timer and local variables when it starts first and cancels after', async () => {
        const it = await on.run('startfirst', scoped);
        await on.complete(it, 'a', { a_outcome: 'done' });
        const before = await inside(it);
        await on.port.move(it.id, [begin('a'), await cancel(it, 'b')]);
        assert.equal(await on.shape(it), '(sp(a))');
        assert.deepEqual(await inside(it), before);
      });

      it('makes them anew when it cancels first', async () => {
        const it = await on.run('cancelfirst', scoped);
        await on.complete(it, 'a', { a_outcome: 'done' });
        const before = await inside(it);
        await on.port.move(it.id, [await cancel(it, 'b'), begin('a')]);
        const after = await inside(it);
        assert.notEqual(after.job, before.job);
        assert.notEqual(after.scope, before.scope);
        assert.equal(after.outcome, null);
      });

      it('writes variables where they live, and local ones into what is begun', async () => {
        const it = await on.run('cleared', scoped, { variables: { pre_outcome: 'old' } });
        await on.complete(it, 'a', { a_outcome: 'done' });
        const cleared: MoveInstruction = {
          ...{ kind: 'start', activityId: 'a' },
          variables: { a_outcome: null, pre_outcome: null },
        };
        await on.port.move(it.id, [cleared, await cancel(it, 'b')]);
        assert.equal((await inside(it)).outcome, null);
        const rows = await on.sql<{ name: string; value: string | null; at: string }>(
          `select name_ as name, text_ as value, v.var_scope_ = v.proc_inst_id_ as at from engine.act_ru_variable v
           where proc_inst_id_ = $1 order by name_`,
          [it.id],
        );
        assert.deepEqual(rows, [
          { name: 'a_outcome', value: null, at: false },
          { name: 'pre_outcome', value: null, at: true },
        ]);
      });
    });

    describe('parallel branches', () => {
      it('leave a token at the join that makes it fire too early unless it is cancelled as well', async () => {
        const it = await on.run('stale', branches('parallel'));
        await on.complete(it, 'pre a');
        assert.equal(await on.shape(it), '(b jn)');
        await on.port.move(it.id, [begin('pre'), await cancel(it, 'b')]);
        await on.complete(it, 'pre a');
        assert.equal(await on.shape(it), '(b c)');
      });

      it('are run again rightly when the waiting token is cancelled by its id', async () => {
        const it = await on.run('fresh', branches('parallel'));
        await on.complete(it, 'pre a');
        await on.port.move(it.id, [begin('pre'), await cancel(it, 'b'), await cancel(it, 'jn')]);
        assert.equal(await on.shape(it), '(pre)');
        await on.complete(it, 'pre a');
        assert.equal(await on.shape(it), '(b jn)');
        await on.complete(it, 'b c');
        assert.equal(await on.state(it), 'completed');
      });

      it('are skipped by a start at the join', async () => {
        const it = await on.run('skipped', branches('parallel'));
        await on.complete(it, 'pre a');
        await on.port.move(it.id, [begin('jn'), await cancel(it, 'b')]);
        assert.equal(await on.shape(it), '(c)');
      });
    });

    describe('inclusive branches', () => {
      it('hang when the last open one is cancelled: the join is not looked at again', async () => {
        const it = await on.run('hung', [...branches('inclusive'), user('aside'), path('aside e')]);
        await on.complete(it, 'pre a');
        await on.port.move(it.id, [begin('aside'), await cancel(it, 'b')]);
        await on.complete(it, 'aside');
        assert.equal(await on.shape(it), '(jn)');
        assert.deepEqual(await on.port.jobs({ instanceId: it.id }), []);
        assert.equal(await on.state(it), 'active');
      });

      it('go on when the join is started in place of the branch', async () => {
        const it = await on.run('arrived', branches('inclusive'));
        await on.complete(it, 'pre a');
        await on.port.move(it.id, [begin('jn'), await cancel(it, 'b')]);
        assert.equal(await on.shape(it), '(c)');
      });

      it('are run again rightly when the waiting token is cancelled', async () => {
        const it = await on.run('again', branches('inclusive'));
        await on.complete(it, 'pre a');
        await on.port.move(it.id, [begin('pre'), await cancel(it, 'b'), await cancel(it, 'jn')]);
        await on.complete(it, 'pre a');
        assert.equal(await on.shape(it), '(b jn)');
        await on.complete(it, 'b');
        assert.equal(await on.shape(it), '(c)');
      });
    });

    describe('what a move refuses', () => {
      const line = [start('s'), user('a'), user('b'), end('e'), path('s a b e')];

      it('is a list that starts nothing', async () => {
        const it = await on.run('nothing', line);
        await refuses(on.port.move(it.id, [await cancel(it, 'a')]), { kind: 'invalid', code: 'nothing-started' });
        assert.equal(await on.shape(it), '(a)');
      });

      it('is an id that is no longer live, with nothing done', async () => {
        const it = await on.run('changed', line);
        const planned = [begin('a'), await cancel(it, 'a')];
        await on.complete(it, 'a');
        await refuses(on.port.move(it.id, planned), { kind: 'gone', code: 'token-gone' });
        assert.equal(await on.shape(it), '(b)');
      });

      it('is a step that the model has not, with nothing done', async () => {
        const it = await on.run('unknown', line);
        const planned = [begin('b'), await cancel(it, 'a'), begin('nowhere')];
        await refuses(on.port.move(it.id, planned), { kind: 'invalid', code: 'no-such-step', where: 'nowhere' });
        assert.equal(await on.shape(it), '(a)');
      });

      it('is a case that has ended', async () => {
        const it = await on.run('over', line);
        await on.complete(it, 'a b');
        await refuses(on.port.move(it.id, [begin('a')]), { kind: 'gone', code: 'instance-gone' });
        await refuses(on.port.tree(it.id), { kind: 'gone', code: 'instance-gone' });
      });
    });

    it('makes the timer of a step that is entered again anew, with the date of the model', async () => {
      const it = await on.run('retimed', [
        ...[start('s'), user('a'), user('b'), end('e'), timer('late', 'a'), path('s a b e'), path('late e')],
      ]);
      const [first] = await on.port.jobs({ instanceId: it.id });
      await on.port.setJobDue(first!.id, new Date('2030-05-01T00:00:00Z'));
      await on.complete(it, 'a');
      await on.port.move(it.id, [begin('a'), await cancel(it, 'b')]);
      const [second] = await on.port.jobs({ instanceId: it.id });
      assert.notEqual(second!.id, first!.id);
      assert.equal(second!.due!.getUTCFullYear(), 9999);
    });

    it('sends a case out of two levels of sub-processes in one move, and back in', async () => {
      const inner = sub('inner', [start('is'), user('fix'), end('ie'), path('is fix ie')]);
      const outer = sub('outer', [start('os'), inner, end('oe'), path('os inner oe')]);
      const it = await on.run('nested', [
        ...[start('s'), user('a'), outer, timer('late', 'outer'), end('e'), path('s a outer e'), path('late e')],
      ]);
      await on.complete(it, 'a');
      await on.port.move(it.id, [begin('a'), await cancel(it, 'outer')]);
      assert.equal(await on.shape(it), '(a)');
      assert.deepEqual(await on.port.jobs({ instanceId: it.id }), []);
      await on.port.move(it.id, [begin('fix'), await cancel(it, 'a')]);
      assert.equal(await on.shape(it), '(outer(inner(fix)))');
    });
  });
}
