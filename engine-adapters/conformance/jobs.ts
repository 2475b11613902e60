import assert from 'node:assert/strict';
import { NEVER } from '../port/index.ts';
import type { Given } from './index.ts';
import { refuses } from './kit.ts';
import { end, flow, gateway, path, start, timer, user } from './models.ts';

export function jobs(on: Given): void {
  describe('timers [ENGINE 11, 21]', () => {
    const timed = [
      ...[start('s'), user('a'), timer('warn', 'a', { interrupting: false }), timer('late', 'a'), end('e')],
      ...[user('told'), user('overdue'), path('s a e'), path('warn told e'), path('late overdue e')],
    ];

    it('are jobs of the boundary event, due in 9999, whose date is set and put back', async () => {
      const it = await on.run('timed', timed);
      const [late, warn] = await on.port.jobs({ instanceId: it.id, kind: 'timer' });
      assert.deepEqual(
        [late, warn].map((job) => ({ ...job, id: '' })),
        ['late', 'warn'].map((activityId) => ({
          ...{ id: '', instanceId: it.id, kind: 'timer', due: new Date(NEVER), activityId, retries: 3 },
        })),
      );
      const due = new Date('2030-12-01T00:00:00.000+08:00');
      await on.port.setJobDue(warn!.id, due);
      const [first] = await on.port.jobs({ instanceId: it.id });
      assert.deepEqual({ id: first!.id, due: first!.due }, { id: warn!.id, due });
      assert.deepEqual(await on.port.jobs({ instanceId: it.id, dueUntil: new Date(due.getTime() - 1) }), []);
      assert.equal((await on.port.jobs({ instanceId: it.id, dueUntil: due })).length, 1);
      await on.port.setJobDue(warn!.id, 'never');
      assert.deepEqual(
        (await on.port.jobs({ instanceId: it.id })).map((job) => job.id),
        [late!.id, warn!.id],
      );
    });

    it('keep in their row the boundary event, the instance and the date in UTC', async () => {
      const it = await on.run('rows', timed);
      const rows = await on.sql(
        `select handler_type_ as type, handler_cfg_ as boundary, duedate_::text as due, process_instance_id_ as instance,
           root_proc_inst_id_ as root from engine.act_ru_job where process_instance_id_ = $1 order by handler_cfg_`,
        [it.id],
      );
      const row = { type: 'timer-transition', due: '9999-01-01 00:00:00', instance: it.id, root: it.id };
      assert.deepEqual(rows, [
        { ...row, boundary: 'late' },
        { ...row, boundary: 'warn' },
      ]);
    });

    it('run when they are told to, due or not: one beside the step, the other in its place', async () => {
      const it = await on.run('executed', timed);
      const [late, warn] = await on.port.jobs({ instanceId: it.id });
      await on.port.executeJob(warn!.id);
      assert.equal(await on.shape(it), '(a told)');
      await on.port.executeJob(late!.id);
      assert.equal(await on.shape(it), '(overdue told)');
      assert.deepEqual(await on.port.jobs({ instanceId: it.id }), []);
    });

    it('are gone with their step', async () => {
      const it = await on.run('gone', timed);
      const [job] = await on.port.jobs({ instanceId: it.id });
      await on.complete(it, 'a');
      const id = job!.id;
      const { executeJob, setJobDue, retryJob } = on.port;
      for (const act of [() => executeJob(id), () => setJobDue(id, 'never'), () => retryJob(id, 1)])
        await refuses(act(), { kind: 'gone', code: 'job-gone' });
    });

    it('lose a try when what follows fails, become an incident, and run after new tries', async () => {
      const it = await on.run('failing', [
        ...[
          start('s'),
          user('a'),
          timer('late', 'a'),
          gateway('exclusive', 'g', 'g-no'),
          user('yes'),
          user('no'),
          end('e'),
        ],
        ...[path('s a e'), path('late g no e'), flow('g', 'yes', 'missing'), path('yes e')],
      ]);
      const [job] = await on.port.jobs({ instanceId: it.id });
      for (const left of [2, 1, 0]) {
        await refuses(on.port.executeJob(job!.id), { kind: 'refused', code: 'expression' });
        const [failed] = await on.port.jobs({ instanceId: it.id });
        assert.equal(failed!.retries, left);
        assert.match(failed!.failure!, /Unknown property/);
      }
      const [incident] = await on.port.incidents({ instanceId: it.id });
      assert.deepEqual(
        { kind: incident!.kind, of: incident!.of, activityId: incident!.activityId },
        { kind: 'job', of: job!.id, activityId: 'late' },
      );
      await on.port.retryJob(job!.id, 1);
      assert.deepEqual(await on.port.incidents({ instanceId: it.id }), []);
    });

    it('run asynchronous steps as jobs without a date; a move can cancel them', async () => {
      const it = await on.run('async', [
        ...[
          start('s'),
          user('a'),
          user('b').replace('<userTask', '<userTask camunda:asyncBefore="true"'),
          end('e'),
          path('s a b e'),
        ],
      ]);
      await on.complete(it, 'a');
      assert.equal(await on.shape(it), '(~b)');
      const [job] = await on.port.jobs({ instanceId: it.id, kind: 'message' });
      assert.deepEqual(
        { ...job, id: '' },
        { id: '', instanceId: it.id, kind: 'message', due: null, activityId: 'b', retries: 3 },
      );
      const [waiting] = (await on.port.tree(it.id)).transitions;
      await on.port.move(it.id, [
        { kind: 'start', activityId: 'a' },
        { kind: 'cancel', instanceId: waiting!.id, transition: true },
      ]);
      assert.equal(await on.shape(it), '(a)');
      await on.complete(it, 'a');
      const [again] = await on.port.jobs({ instanceId: it.id });
      await on.port.executeJob(again!.id);
      assert.equal(await on.shape(it), '(b)');
    });
  });
}
