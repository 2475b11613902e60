import assert from 'node:assert/strict';
import { RetryableError, type EngineError, type Work } from '../port/index.ts';
import { createCrew, gate, oneStep } from './crew.ts';
import type { Given } from './index.ts';
import { eventually } from './kit.ts';

export function delivering(on: Given): void {
  describe('how work is delivered [ENGINE 5, 20]', () => {
    const { employ, begun, reports, kinds } = createCrew(on);

    it('comes again under a new id after a return to its step', async () => {
      const it = await begun('revisited');
      const ids: string[] = [];
      const remember = async (work: Work) => void ids.push(work.id);
      await on.work('revisited', remember);
      const { id } = await on.node(it, 'b');
      await on.port.move(it.id, [
        { kind: 'start', activityId: 'w' },
        { kind: 'cancel', instanceId: id },
      ]);
      await on.work('revisited', remember);
      assert.equal(new Set(ids).size, 2);
    });

    it('comes again under the same id after a failure and after an ended lock; the late completion is dropped', async () => {
      const it = await begun('expired');
      const ids: string[] = [];
      const late = gate();
      const first = employ(
        {
          expired: async (work) => {
            ids.push(work.id);
            if (ids.length === 1) throw new RetryableError('once more', 0);
            await late.opened;
          },
        },
        { lockMs: 2 ** 31 - 1 },
      );
      await eventually(async () => (await first.fetchNow(), ids.length === 2));
      // what a lock that ends does, without the wait
      await on.port.retryWork(ids[0]!, 3);
      const second = employ({ expired: async (work) => void ids.push(work.id) });
      await second.fetchNow();
      await second.idle();
      assert.equal(await on.shape(it), '(b)');
      late.open();
      await first.idle();
      assert.equal(new Set(ids).size, 1);
      assert.equal(ids.length, 3);
      assert.deepEqual(kinds(), ['retry', 'gone']);
    });

    it('drops its completion when another worker holds the lock', async () => {
      const it = await begun('taken');
      const [early, late] = [gate(), gate()];
      const first = employ({ taken: () => early.opened });
      await first.fetchNow();
      const [open] = await on.port.openWork({ instanceId: it.id });
      await on.port.retryWork(open!.id, 3);
      const second = employ({ taken: () => late.opened });
      await second.fetchNow();
      early.open();
      await first.idle();
      assert.deepEqual(
        reports.map(({ error }) => (error as EngineError).code),
        ['work-taken'],
      );
      assert.equal(await on.shape(it), '(w)');
      late.open();
      await second.idle();
      assert.equal(await on.shape(it), '(b)');
    });

    it('drops its completion when its step was cancelled meanwhile', async () => {
      const it = await begun('cancelled');
      const held = gate();
      const worker = employ({ cancelled: () => held.opened });
      await worker.fetchNow();
      const { id } = await on.node(it, 'w');
      await on.port.move(it.id, [
        { kind: 'start', activityId: 'a' },
        { kind: 'cancel', instanceId: id },
      ]);
      held.open();
      await worker.idle();
      assert.deepEqual(kinds(), ['gone']);
      assert.equal(await on.shape(it), '(a)');
    });

    it('keeps its lock while its handler runs longer than that', async () => {
      const it = await begun('extended');
      const held = gate();
      const worker = employ({ extended: () => held.opened }, { lockMs: 400 });
      await worker.fetchNow();
      const other = employ({ extended: async () => {} });
      const lockedUntil = async () => {
        const [row] = await on.sql<{ at: Date }>(
          'select lock_exp_time_ as at from engine.act_ru_ext_task where proc_inst_id_ = $1',
          [it.id],
        );
        return row!.at.getTime();
      };
      const first = await lockedUntil();
      await eventually(async () => (await lockedUntil()) > first + 800);
      assert.equal(await other.fetchNow(), 0);
      held.open();
      await worker.idle();
      assert.deepEqual(reports, []);
    });

    it('is fetched at once when the worker is woken, also during a fetch', async () => {
      const worker = employ({ woken: async () => {} });
      await worker.idle();
      const it = await begun('woken');
      worker.wake();
      await eventually(async () => (await on.shape(it)) === '(b)');
    });

    it('is handled by no more at once than the limits of worker and topic allow, and without pauses', async () => {
      const definitions = [await on.deploy('narrow', oneStep('narrow')), await on.deploy('wide', oneStep('wide'))];
      const cases = await Promise.all(
        definitions.flatMap((definition) => Array.from({ length: 12 }, () => on.begin(definition))),
      );
      await Promise.all(cases.map((it) => on.complete(it, 'a')));
      const running = { narrow: 0, wide: 0 };
      const most = { narrow: 0, wide: 0, all: 0 };
      let done = 0;
      const count = (topic: 'narrow' | 'wide') => async () => {
        running[topic] += 1;
        most[topic] = Math.max(most[topic], running[topic]);
        most.all = Math.max(most.all, running.narrow + running.wide);
        await on.port.ready();
        running[topic] -= 1;
        done += 1;
      };
      employ({ narrow: count('narrow'), wide: count('wide') }, { concurrency: 6, limits: { narrow: 2 } });
      await eventually(async () => done === 24);
      assert.equal(most.narrow, 2);
      assert.ok(most.all <= 6 && most.wide >= 4, JSON.stringify(most));
    });

    it('is finished and nothing stays locked when the worker stops', async () => {
      await Promise.all(Array.from({ length: 5 }, () => begun('drained')));
      const held = gate();
      const worker = employ({ drained: () => held.opened });
      await worker.fetchNow();
      assert.equal(worker.busy(), 5);
      const stopped = worker.stop();
      held.open();
      await stopped;
      assert.equal(worker.busy(), 0);
      assert.equal(await worker.fetchNow(), 0);
      assert.deepEqual(await on.port.openWork({ topic: 'drained' }), []);
    });

    it('leaves a worker without the engine alone until the next poll', async () => {
      employ({ x: async () => {} }, { pollMs: 20 }, on.stranger);
      await eventually(async () => reports.length >= 3);
      assert.ok(
        reports.every(({ kind, error }) => kind === 'fetch' && (error as EngineError).code === 'token-refused'),
      );
    });
  });
}
