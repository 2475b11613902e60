import assert from 'node:assert/strict';
import { BusinessError, PermanentError, RetryableError, type Variables, type Work } from '../port/index.ts';
import { createCrew, gate, oneStep } from './crew.ts';
import type { Given } from './index.ts';
import { eventually } from './kit.ts';
import { caught, end, error, gateway, path, start, user, work } from './models.ts';

export function working(on: Given): void {
  describe('work and its results [ENGINE 5, 20]', () => {
    const { employ, begun, reports, kinds } = createCrew(on);

    it('carries its case, step, variables and the properties of its step; the result becomes variables', async () => {
      const it = await on.run('carried', oneStep('carried', { document: 'notice', 'not-same-as': 'a' }), {
        variables: { text: '证', none: null, count: 3, share: 0.5, yes: true },
      });
      await on.complete(it, 'a');
      let got: Work | undefined;
      await on.work('carried', async (work) => {
        got = work;
        return { made: true, count: 4, note: null };
      });
      const { id, activityInstanceId, executionId, ...rest } = got!;
      assert.ok(id && activityInstanceId.startsWith('w:') && executionId);
      assert.deepEqual(rest, {
        topic: 'carried',
        businessKey: it.key,
        instanceId: it.id,
        definitionKey: 'carried',
        definitionId: it.definitionId,
        activityId: 'w',
        variables: { text: '证', none: null, count: 3, share: 0.5, yes: true },
        retries: null,
        properties: { document: 'notice', 'not-same-as': 'a' },
      });
      const rows = await on.sql<{ name: string; value: string | null }>(
        `select name_ as name, coalesce(text_, long_::text) as value from engine.act_ru_variable
         where proc_inst_id_ = $1 and name_ in ('made', 'count', 'note') order by name_`,
        [it.id],
      );
      assert.deepEqual(rows, [
        { name: 'count', value: '4' },
        { name: 'made', value: '1' },
        { name: 'note', value: null },
      ]);
      assert.equal(await on.shape(it), '(b)');
    });

    it('is tried three times when it fails, then stops as an incident until it is given new tries', async () => {
      const it = await begun('failing');
      const retries: (number | null)[] = [];
      let broken = true;
      const worker = employ({
        failing: async (work) => {
          retries.push(work.retries);
          if (broken) throw new RetryableError('counter closed', 0);
        },
      });
      await eventually(async () => (await worker.fetchNow(), await worker.idle(), reports.length === 3));
      assert.deepEqual(retries, [null, 2, 1]);
      assert.deepEqual(kinds(), ['retry', 'retry', 'incident']);
      const [open] = await on.port.openWork({ topic: 'failing' });
      assert.deepEqual(
        { ...open, locked: false },
        {
          id: open!.id,
          topic: 'failing',
          instanceId: it.id,
          activityId: 'w',
          retries: 0,
          locked: false,
          failure: 'counter closed',
        },
      );
      const [incident] = await on.port.incidents({ instanceId: it.id });
      assert.deepEqual(
        { kind: incident!.kind, of: incident!.of, message: incident!.message, activityId: incident!.activityId },
        { kind: 'work', of: open!.id, message: 'counter closed', activityId: 'w' },
      );
      assert.equal(await worker.fetchNow(), 0);
      broken = false;
      await on.port.retryWork(open!.id, 1);
      assert.deepEqual(await on.port.incidents({ instanceId: it.id }), []);
      await worker.fetchNow();
      await worker.idle();
      assert.equal(await on.shape(it), '(b)');
    });

    it('waits as long as a failure says, unless it is given new tries', async () => {
      const it = await begun('waiting');
      let times = 0;
      const worker = employ({
        waiting: async () => {
          times += 1;
          if (times === 1) throw new RetryableError('later', 3_600_000);
        },
      });
      await worker.fetchNow();
      await worker.idle();
      assert.equal(await worker.fetchNow(), 0);
      const [open] = await on.port.openWork({ instanceId: it.id });
      assert.equal(open!.locked, true);
      await on.port.retryWork(open!.id, 2);
      assert.equal(await worker.fetchNow(), 1);
    });

    it('stops at once when it fails for good', async () => {
      const it = await begun('permanent');
      const [report] = await on.work('permanent', async () => {
        throw new PermanentError('no such register');
      });
      assert.equal(report!.kind, 'incident');
      assert.equal((await on.port.incidents({ instanceId: it.id }))[0]!.message, 'no such register');
    });

    it('stops at once when its result is none that the engine takes', async () => {
      const it = await begun('objects');
      await on.work('objects', async () => ({ found: { a: 1 } }) as never);
      const [incident] = await on.port.incidents({ instanceId: it.id });
      assert.match(incident!.message, /variable-type.*found/);
    });

    it('stops at once when what follows cannot be entered', async () => {
      const it = await on.run('followed', [
        ...[start('s'), work('w', 'followed'), gateway('exclusive', 'g', 'g-e'), user('x'), end('e'), path('s w g e')],
        path('g x e').replace('targetRef="x">', 'targetRef="x"><conditionExpression>${missing}</conditionExpression>'),
      ]);
      await on.work('followed', async () => ({ done: true }));
      assert.match((await on.port.incidents({ instanceId: it.id }))[0]!.message, /Unknown property/);
    });

    it('throws a BPMN error with variables; without a catcher it stops as an incident', async () => {
      const found: Variables = { reason: 'banned' };
      const handler = async () => {
        throw new BusinessError('banned', 'the subject is banned', found);
      };
      const roots = { roots: [error('banned', 'banned')] };
      const model = [start('s'), work('w', 'business'), user('b'), end('e'), path('s w e'), path('b e')];
      const caughtHere = await on.run('caught', [...model, caught('c', 'w', 'banned'), path('c b')], roots);
      await on.work('business', handler);
      assert.equal(await on.shape(caughtHere), '(b)');
      const nobody = await on.run('nobody', [...model, path('s b')], roots);
      await on.work('business', handler);
      assert.match((await on.port.incidents({ instanceId: nobody.id }))[0]!.message, /13033/);
    });

    it('is completed from parallel branches at once: conflicts at the join are sent again', async () => {
      const ids = Array.from({ length: 6 }, (_, index) => `w${index}`);
      const it = await on.run('crowd', [
        ...[
          start('s'),
          gateway('parallel', 'fk'),
          gateway('parallel', 'jn'),
          user('b'),
          end('e'),
          path('s fk'),
          path('jn b e'),
        ],
        ...ids.map((id) => work(id, 'crowd') + path(`fk ${id} jn`)),
      ]);
      let arrived = 0;
      const all = gate();
      const worker = employ({
        crowd: async () => {
          arrived += 1;
          if (arrived === ids.length) all.open();
          await all.opened;
        },
      });
      await worker.fetchNow();
      await worker.idle();
      await eventually(async () => {
        await worker.fetchNow();
        await worker.idle();
        return (await on.shape(it)) === '(b)';
      });
      assert.deepEqual(
        kinds().filter((kind) => kind !== 'retry'),
        [],
      );
    });
  });
}
