import assert from 'node:assert/strict';
import {
  BusinessError,
  EngineError,
  PermanentError,
  RetryableError,
  type EngineWorker,
  type Variables,
  type Work,
  type WorkHandler,
  type WorkerOptions,
  type WorkReport,
} from '../port/index.ts';
import type { Given } from './index.ts';
import { eventually } from './kit.ts';
import { caught, end, error, gateway, path, start, user, work } from './models.ts';

export function working(on: Given): void {
  describe('work [ENGINE 5, 20]', () => {
    let workers: EngineWorker[] = [];
    let reports: { kind: WorkReport; error: Error; work?: Work }[] = [];
    beforeEach(() => {
      workers = [];
      reports = [];
    });
    afterEach(() => Promise.all(workers.map((worker) => worker.stop())));

    const employ = (topics: Record<string, WorkHandler>, options: Partial<WorkerOptions> = {}): EngineWorker => {
      const worker = on.port.worker({
        id: `worker-${Math.random()}`,
        topics,
        pollMs: 60_000,
        report: (kind, error, work) => reports.push({ kind, error, work }),
        ...options,
      });
      workers.push(worker);
      return worker;
    };
    const kinds = () => reports.map(({ kind }) => kind);
    /** One step of work between two user tasks. */
    const one = (topic: string, properties?: Record<string, string>) => [
      ...[start('s'), user('a'), work('w', topic, properties), user('b'), end('e'), path('s a w b e')],
    ];
    const begun = async (topic: string, variables: Variables = {}) => {
      const it = await on.run(topic, one(topic), { variables });
      await on.complete(it, 'a');
      return it;
    };
    const gate = () => {
      let open = () => {};
      const opened = new Promise<void>((resolve) => (open = resolve));
      return { opened, open };
    };

    it('carries its case, step, variables and the properties of its step; the result becomes variables', async () => {
      const it = await on.run('carried', one('carried', { document: 'notice', 'not-same-as': 'a' }), {
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
      const definitions = [await on.deploy('narrow', one('narrow')), await on.deploy('wide', one('wide'))];
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
      const lone = on.stranger.worker({
        id: 'lone',
        topics: { x: async () => {} },
        pollMs: 20,
        report: (kind, error) => reports.push({ kind, error }),
      });
      await eventually(async () => reports.length >= 3);
      await lone.stop();
      assert.ok(
        reports.every(({ kind, error }) => kind === 'fetch' && (error as EngineError).code === 'token-refused'),
      );
    });
  });
}
