import assert from 'node:assert/strict';
import type { Given } from './index.ts';
import { eventually, type Case } from './kit.ts';
import { end, gateway, path, start, sub, timer, user, work } from './models.ts';

const WATCHED = [
  'act_ru_task',
  'act_ru_job',
  'act_ru_ext_task',
  'act_hi_taskinst',
  'act_hi_actinst',
  'act_hi_procinst',
];

/** A row that a trigger saw. */
interface Seen {
  tx: string;
  name: string;
  op: 'INSERT' | 'UPDATE' | 'DELETE';
  row: Record<string, unknown>;
  before: Record<string, unknown> | null;
  /** Whether the case was to be seen at that moment. */
  history: boolean;
  execution: boolean;
}

export function watching(on: Given): void {
  describe('triggers on the engine’s tables [ENGINE 2, 4, 22, 23]', () => {
    before(async () => {
      await on.sql(`
        create table app.seen (id bigserial primary key, tx xid8, name text, op text, instance text, row jsonb, before jsonb,
          history boolean, execution boolean);
        create function app.see() returns trigger language plpgsql security definer set search_path = pg_catalog, app as $$
        declare
          r jsonb := to_jsonb(case tg_op when 'DELETE' then old else new end);
          i text := coalesce(r ->> 'proc_inst_id_', r ->> 'process_instance_id_');
        begin
          insert into app.seen (tx, name, op, instance, row, before, history, execution)
          values (pg_current_xact_id(), tg_table_name, tg_op, i, r, case tg_op when 'UPDATE' then to_jsonb(old) end,
            exists (select from engine.act_hi_procinst where id_ = i and business_key_ is not null),
            exists (select from engine.act_ru_execution where id_ = i and business_key_ is not null));
          return null;
        end $$;`);
      for (const name of WATCHED)
        await on.sql(
          `create trigger see after insert or update or delete on engine.${name} for each row execute function app.see()`,
        );
    });
    after(async () => {
      // only the tables' owner may drop a trigger, but it goes with its function
      await on.sql('drop function app.see cascade; drop table app.seen');
    });

    const seen = (it: Case): Promise<Seen[]> =>
      on.sql(
        `select tx::text, name, op, row, before, history, execution from app.seen where instance = $1 order by id`,
        [it.id],
      );
    const branches = [
      ...[start('s'), user('pre'), gateway('parallel', 'fk'), user('a'), timer('late', 'a'), user('b')],
      ...[
        gateway('parallel', 'jn'),
        work('w', 'watched'),
        end('e'),
        path('s pre fk a jn w e'),
        path('fk b jn'),
        path('late e'),
      ],
    ];
    const ended = ({ name, row, before }: Seen) => name === 'act_hi_actinst' && row.end_time_ && !before?.end_time_;

    it('see the case when tasks, jobs, work and activities are inserted, but not when history tasks are', async () => {
      const it = await on.run('visible', branches);
      await on.complete(it, 'pre a b');
      const inserts = (await seen(it)).filter(({ op }) => op === 'INSERT');
      const first = inserts[0]!.tx;
      for (const { name, history, execution, tx } of inserts) {
        if (tx !== first) assert.ok(history && execution, name);
        else if (name === 'act_hi_taskinst') assert.ok(!history && !execution);
        else if (name === 'act_hi_actinst') assert.ok(history);
        else if (name !== 'act_hi_procinst') assert.ok(history && execution, name);
      }
      assert.deepEqual(new Set(inserts.map(({ name }) => name)), new Set(WATCHED));
    });

    it('find root and business key on the instance’s own execution row only', async () => {
      const inner = sub('sp', [start('ss'), user('a'), end('se'), path('ss a se')]);
      const it = await on.run('keys', [
        start('s'),
        inner,
        timer('late', 'sp'),
        end('e'),
        path('s sp e'),
        path('late e'),
      ]);
      const rows = await on.sql<{ own: boolean; key: string | null; root: string | null }>(
        `select id_ = proc_inst_id_ as own, business_key_ as key, root_proc_inst_id_ as root from engine.act_ru_execution
         where proc_inst_id_ = $1`,
        [it.id],
      );
      assert.ok(rows.length > 1);
      for (const { own, key, root } of rows) assert.deepEqual([key, root], own ? [it.key, it.id] : [null, null]);
    });

    it('see what follows a task inserted before the task is deleted and its history closed', async () => {
      const it = await on.run('flushed', [start('s'), user('a'), user('b'), end('e'), path('s a b e')]);
      await on.complete(it, 'a');
      const tasks = (await seen(it))
        .filter(({ name }) => name === 'act_ru_task' || name === 'act_hi_taskinst')
        .slice(2);
      assert.deepEqual(
        tasks.map(({ name, op, row }) => `${op} ${name} ${row.task_def_key_}`),
        ['INSERT act_hi_taskinst b', 'INSERT act_ru_task b', 'DELETE act_ru_task a', 'UPDATE act_hi_taskinst a'],
      );
      assert.equal(new Set(tasks.map(({ tx }) => tx)).size, 1);
    });

    it('tell by the state of an activity how it was left: 4 done, 2 cancelled, 1 as an end of its scope', async () => {
      const it = await on.run('states', branches);
      await on.complete(it, 'pre b');
      const [job] = await on.port.jobs({ instanceId: it.id });
      await on.port.executeJob(job!.id);
      const { id } = await on.node(it, 'jn');
      await on.port.move(it.id, [
        { kind: 'start', activityId: 'w' },
        { kind: 'cancel', instanceId: id },
      ]);
      await on.work('watched', async () => {});
      assert.equal(await on.state(it), 'completed');
      const ends = (await seen(it)).filter(ended).map(({ row }) => `${row.act_id_} ${row.act_inst_state_}`);
      assert.deepEqual(ends.sort(), ['a 2', 'b 4', 'e 1', 'e 1', 'fk 0', 'jn 2', 'late 4', 'pre 4', 's 4', 'w 4']);
    });

    it('see the ends and entries of one move in one transaction, which is no other’s', async () => {
      const it = await on.run('moved', branches);
      await on.complete(it, 'pre b');
      const nodes = [await on.node(it, 'a'), await on.node(it, 'jn')];
      await on.port.move(it.id, [
        { kind: 'start', activityId: 'pre' },
        ...nodes.map(({ id }) => ({ kind: 'cancel', instanceId: id }) as const),
      ]);
      const rows = (await seen(it)).filter(({ name }) => name === 'act_hi_actinst' || name === 'act_hi_taskinst');
      const move = rows.filter(({ tx }) => tx === rows.at(-1)!.tx);
      const told = move.map(
        ({ name, op, row }) =>
          `${op} ${name} ${row.act_id_ ?? row.task_def_key_} ${row.act_inst_state_ ?? row.delete_reason_}`,
      );
      assert.deepEqual(told.sort(), [
        'INSERT act_hi_actinst pre 0',
        'INSERT act_hi_taskinst pre null',
        'UPDATE act_hi_actinst a 2',
        'UPDATE act_hi_actinst jn 2',
        'UPDATE act_hi_taskinst a deleted',
      ]);
    });

    it('see a row of history that has ended once more when the case ends', async () => {
      const it = await on.run('removal', [start('s'), user('a'), user('b'), end('e'), path('s a b e')]);
      await on.complete(it, 'a b');
      const again = (await seen(it)).filter(({ op, before }) => op === 'UPDATE' && before!.end_time_);
      assert.ok(again.length > 0);
      for (const { row, before } of again) assert.equal(row.end_time_, before!.end_time_);
    });

    it('carry the order of what happened in the sequence counter, not in the order of rows', async () => {
      const it = await on.run('ordered', branches);
      const entered = (await seen(it)).filter(({ name, op }) => name === 'act_hi_actinst' && op === 'INSERT');
      const bySequence = entered.toSorted((a, b) => Number(a.row.sequence_counter_) - Number(b.row.sequence_counter_));
      assert.deepEqual(
        bySequence.map(({ row }) => row.act_id_),
        ['s', 'pre'],
      );
    });

    it('wait for a row that the caller keeps locked, while the caller waits for the engine', async () => {
      await on.sql(`
        create table app.decided (task_id text primary key, state text);
        create function app.acknowledge() returns trigger language plpgsql security definer set search_path = pg_catalog, app as
        $$ begin update app.decided set state = new.delete_reason_ where task_id = new.id_; return null; end $$;
        create trigger acknowledge after update on engine.act_hi_taskinst for each row
          when (old.end_time_ is null and new.end_time_ is not null) execute function app.acknowledge()`);
      const it = await on.run('locked', [start('s'), user('a'), end('e'), path('s a e')]);
      const task = (await on.node(it, 'a')).taskIds![0]!;
      await on.sql('insert into app.decided values ($1, $2)', [task, 'queued']);
      let completion: Promise<void> | undefined;
      await on.locking(`select from app.decided where task_id = '${task}' for update`, async () => {
        completion = on.port.complete(task, {});
        const waiting = `select from pg_locks join pg_stat_activity using (pid) where not granted and datname = current_database()`;
        await eventually(async () => (await on.sql(waiting)).length > 0);
      });
      await completion;
      assert.deepEqual(await on.sql('select state from app.decided where task_id = $1', [task]), [
        { state: 'completed' },
      ]);
      await on.sql('drop function app.acknowledge cascade; drop table app.decided');
    });
  });
}
