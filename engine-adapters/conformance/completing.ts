import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { EngineError } from '../port/index.ts';
import type { Given } from './index.ts';
import { refuses, type Case } from './kit.ts';
import { end, flow, gateway, path, receive, start, sub, timer, user } from './models.ts';

export function completing(on: Given): void {
  describe('completing [ENGINE 4]', () => {
    const taskOf = async (it: Case, step: string) => (await on.node(it, step)).taskIds![0]!;
    const chosen = [
      ...[start('s'), user('a'), gateway('exclusive', 'g', 'g-no'), user('yes'), user('no'), end('e')],
      ...[path('s a g no e'), flow('g', 'yes', "a_outcome == 'yes'"), path('yes e')],
    ];

    it('answers gone for a task that is done, and for one that never was', async () => {
      const it = await on.run('done', [start('s'), user('a'), user('b'), end('e'), path('s a b e')]);
      const task = await taskOf(it, 'a');
      await on.port.complete(task, {});
      await refuses(on.port.complete(task, {}), { kind: 'gone', code: 'task-gone' });
      await refuses(on.port.complete('never', {}), { kind: 'gone', code: 'task-gone' });
    });

    it('completes once when several complete at the same moment', async () => {
      const it = await on.run('raced', [start('s'), user('a'), user('b'), end('e'), path('s a b e')]);
      const task = await taskOf(it, 'a');
      const results = await Promise.allSettled(Array.from({ length: 5 }, () => on.port.complete(task, {})));
      const lost = results.filter((result) => result.status === 'rejected');
      assert.equal(lost.length, 4);
      for (const { reason } of lost) assert.match(reason.kind, /gone|conflict/);
      assert.equal(await on.shape(it), '(b)');
    });

    it('goes on from a receive step once it is told to, with what it is told', async () => {
      const waits = [
        ...[start('s'), gateway('parallel', 'fk'), receive('r'), user('a'), gateway('exclusive', 'g', 'g-no')],
        ...[user('yes'), user('no'), end('e'), path('s fk r g no e'), path('fk a e')],
        ...[flow('g', 'yes', "r_outcome == 'yes'"), path('yes e')],
      ];
      const it = await on.run('told', waits, { variables: { r_outcome: null } });
      const receipt = { instanceId: it.id, activityId: 'r', variables: { r_outcome: 'yes' } };
      await on.port.receive(receipt);
      assert.ok(await on.node(it, 'yes'));
      await refuses(on.port.receive(receipt), { kind: 'gone', code: 'not-waiting' });
    });

    it('goes on from the receive step of the thread that is named', async () => {
      const inner = [start('in'), receive('r'), user('a'), end('out'), path('in r a out')];
      const threads = [start('s'), sub('t', inner, { each: { list: 'all', as: 'one' } }), end('e'), path('s t e')];
      const it = await on.run('told-thread', threads, { variables: { all: 'x,y' } });
      const [first, second] = await on.nodes(it, 'r');
      const receipt = { instanceId: it.id, activityId: 'r', visit: second!.id, variables: {} };
      await on.port.receive(receipt);
      assert.deepEqual(
        (await on.nodes(it, 'r')).map(({ id }) => id),
        [first!.id],
      );
      await refuses(on.port.receive(receipt), { kind: 'gone', code: 'not-waiting' });
    });

    it('passes a join once when branches are completed together and conflicts are sent again', async () => {
      const branches = [gateway('parallel', 'fk'), user('a'), user('b'), gateway('parallel', 'jn')];
      const definition = await on.deploy('joined', [
        ...[start('s'), ...branches, user('c'), end('e'), path('s fk a jn c e'), path('fk b jn')],
      ]);
      let conflicts = 0;
      const insist = async (task: string): Promise<void> => {
        try {
          await on.port.complete(task, {});
        } catch (error) {
          assert.ok(error instanceof EngineError && error.kind === 'conflict', String(error));
          conflicts += 1;
          await pause(20);
          await insist(task);
        }
      };
      for (let round = 0; round < 10; round += 1) {
        const it = await on.begin(definition);
        const tasks = [await taskOf(it, 'a'), await taskOf(it, 'b')];
        await Promise.all(tasks.map(insist));
        assert.equal(await on.shape(it), '(c)');
      }
      assert.ok(conflicts > 0, 'no conflict in ten rounds');
    });

    it('takes the default flow for null, and refuses a variable that is missing; the task stays open', async () => {
      const definition = await on.deploy('chosen', chosen);
      const known = await on.begin(definition, { a_outcome: null });
      await on.complete(known, 'a');
      assert.equal(await on.shape(known), '(no)');
      const unknown = await on.begin(definition);
      await refuses(on.complete(unknown, 'a'), { kind: 'refused', code: 'expression' });
      assert.equal(await on.shape(unknown), '(a)');
      await on.complete(unknown, 'a', { a_outcome: 'yes' });
      assert.equal(await on.shape(unknown), '(yes)');
    });

    it('refuses where no flow matches, and names the gateway', async () => {
      const it = await on.run(
        'unmatched',
        chosen.map((element) =>
          element
            .replace(' default="g-no"', '')
            .replace('"g" targetRef="no">', '$&<conditionExpression>${false}</conditionExpression>'),
        ),
        { variables: { a_outcome: null } },
      );
      await refuses(on.complete(it, 'a'), { kind: 'refused', code: 'no-flow-matches', where: 'g' });
      assert.equal(await on.shape(it), '(a)');
    });

    it('stores 4,000 Chinese characters; the adapter refuses one more, and what is no plain value', async () => {
      const it = await on.run('long', [start('s'), user('a'), user('b'), end('e'), path('s a b e')]);
      const invalid = (variables: Record<string, unknown>, code: string) =>
        refuses(on.complete(it, 'a', variables as never), { kind: 'invalid', code });
      await invalid({ x: '证'.repeat(4001) }, 'variable-too-long');
      await invalid({ x: { a: 1 } }, 'variable-type');
      await invalid({ x: NaN }, 'variable-type');
      await invalid({ x: undefined }, 'variable-type');
      await invalid({ 'a-b': 1 }, 'variable-name');
      await on.complete(it, 'a', { x: '证'.repeat(4000), y: '𠮷'.repeat(4000) });
      const [stored] = await on.sql<{ length: number }>(
        `select length(text_) from engine.act_ru_variable where proc_inst_id_ = $1 and name_ = 'x'`,
        [it.id],
      );
      assert.equal(stored!.length, 4000);
    });

    it('tells in the history whether a task was completed or ended otherwise', async () => {
      const it = await on.run('ends', [
        ...[
          start('s'),
          user('a'),
          user('b'),
          user('c'),
          end('e'),
          timer('late', 'b'),
          path('s a b c e'),
          path('late c'),
        ],
      ]);
      await on.complete(it, 'a');
      const [job] = await on.port.jobs({ instanceId: it.id });
      await on.port.executeJob(job!.id);
      const { id } = await on.node(it, 'c');
      await on.port.move(it.id, [
        { kind: 'start', activityId: 'a' },
        { kind: 'cancel', instanceId: id },
      ]);
      const rows = await on.sql<{ step: string; reason: string | null }>(
        `select task_def_key_ as step, delete_reason_ as reason from engine.act_hi_taskinst where proc_inst_id_ = $1
         order by start_time_, end_time_ nulls last`,
        [it.id],
      );
      assert.deepEqual(
        rows.map(({ step, reason }) => `${step} ${reason}`),
        ['a completed', 'b deleted', 'c deleted', 'a null'],
      );
    });
  });
}
