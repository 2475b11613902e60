import type { Knex } from 'knex';

/**
 * Triggers on the engine's tables (ENGINE.md 2, 4, 21–23). They run in the engine's own transaction as owner `app`:
 * no exception may leave them, inserts are `on conflict`, and the lock order is task, group rows, decision.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create function case_of_instance(instance text) returns "case" language sql stable as $$
      select c.* from engine.act_ru_execution p
      join engine.act_ru_execution r on r.id_ = p.root_proc_inst_id_
      join app."case" c on c.number = r.business_key_
      where p.id_ = instance
    $$;

    -- Office of a candidate group 'role@office' of a case (RULES, Candidates). Null: nobody holds it.
    create function resolve_office(c "case", role text, office text) returns text language sql stable as $$
      select case office
        when 'case' then c.office
        when 'city' then (
          select a.ancestor from app.office_ancestor a join app.office o on o.code = a.ancestor
          where a.office = c.office and o.level in ('city', 'province') 
            and exists (select from app.role_grant g where g.role = resolve_office.role and g.office = a.ancestor and g.ended_at is null)
          order by a.distance limit 1)
        when 'province' then (
          select a.ancestor from app.office_ancestor a join app.office o on o.code = a.ancestor
          where a.office = c.office and o.level = 'province'
            and exists (select from app.role_grant g where g.role = resolve_office.role and g.office = a.ancestor and g.ended_at is null)
          order by a.distance limit 1)
        else (select co.office from app.case_office co where co.case_id = c.id and co.name = resolve_office.office)
      end
    $$;

    create function on_task_insert() returns trigger language plpgsql security definer set search_path = pg_catalog, app as $$
    begin
      insert into app.task (id, case_id, step, name, instance_id, execution_id, entered_at)
      select new.id_, (app.case_of_instance(new.proc_inst_id_)).id, new.task_def_key_, new.name_, new.proc_inst_id_, new.execution_id_, new.create_time_ at time zone 'UTC'
      on conflict (id) do nothing;
      return null;
    end $$;

    -- Writes the group rows of one candidate group of a task; an operator repeats it when the office is there.
    create function offer_task(task text, candidate text) returns void language plpgsql security definer set search_path = pg_catalog, app as $$
    declare
      t app.task;
      c app."case";
      role text := split_part(candidate, '@', 1);
      held_by text;
    begin
      select * into t from app.task where id = offer_task.task;
      select * into c from app."case" where id = t.case_id;
      if c.id is null then return; end if;
      if role = 'applicant' and c.institution_id is not null then
        insert into app.task_group (task_id, grp, entered_at) values (t.id, 'institution:' || c.institution_id, t.entered_at) on conflict do nothing;
      elsif role in ('applicant', 'starter') then
        insert into app.task_group (task_id, grp, entered_at) values (t.id, 'person:' || c.starter, t.entered_at) on conflict do nothing;
      else
        held_by := app.resolve_office(c, role, coalesce(nullif(split_part(candidate, '@', 2), ''), 'case'));
        insert into app.task_group (task_id, grp, entered_at)
        select t.id, role || '@' || held_by, t.entered_at where held_by is not null
        union all
        select t.id, role || '@' || a.ancestor || '*', t.entered_at from app.office_ancestor a where a.office = held_by
        on conflict do nothing;
      end if;
    end $$;

    create function on_candidate_insert() returns trigger language plpgsql security definer set search_path = pg_catalog, app as $$
    begin
      perform app.offer_task(new.task_id_, new.group_id_);
      return null;
    end $$;

    create function on_task_end() returns trigger language plpgsql security definer set search_path = pg_catalog, app as $$
    begin
      update app.task set ended_at = new.end_time_ at time zone 'UTC', end_reason = new.delete_reason_ where id = new.id_;
      delete from app.task_group where task_id = new.id_;
      update app.decision
        set state = case new.delete_reason_ when 'completed' then 'done' else 'overtaken' end,
            acknowledged_at = new.end_time_ at time zone 'UTC', tx = pg_current_xact_id()
        where task_id = new.id_ and state in ('held', 'queued');
      return null;
    end $$;

    create function on_activity() returns trigger language plpgsql security definer set search_path = pg_catalog, app as $$
    begin
      if tg_op = 'INSERT' then
        insert into app.engine_event (root, instance, kind, how, act_inst, parent_act_inst, act_id, act_type, task_id, execution_id, sequence, at)
        values (coalesce(new.root_proc_inst_id_, new.proc_inst_id_), new.proc_inst_id_, 'enter', 0, new.id_, new.parent_act_inst_id_, new.act_id_, new.act_type_, new.task_id_, new.execution_id_, new.sequence_counter_, new.start_time_ at time zone 'UTC');
      end if;
      if new.end_time_ is not null then
        insert into app.engine_event (root, instance, kind, how, act_inst, parent_act_inst, act_id, act_type, task_id, execution_id, sequence, at)
        values (coalesce(new.root_proc_inst_id_, new.proc_inst_id_), new.proc_inst_id_, 'leave', new.act_inst_state_, new.id_, new.parent_act_inst_id_, new.act_id_, new.act_type_, new.task_id_, new.execution_id_, new.sequence_counter_, new.end_time_ at time zone 'UTC');
      end if;
      perform pg_notify('engine_event', '');
      return null;
    end $$;

    create function on_instance_start() returns trigger language plpgsql security definer set search_path = pg_catalog, app as $$
    begin
      if new.super_process_instance_id_ is null then
        update app."case" set engine_instance_id = new.id_, started_at = new.start_time_ at time zone 'UTC', state = 'running'
        where number = new.business_key_ and engine_instance_id is null;
      end if;
      return null;
    end $$;

    create function on_instance_end() returns trigger language plpgsql security definer set search_path = pg_catalog, app as $$
    begin
      insert into app.engine_event (root, instance, kind, how, act_inst, act_id, act_type, sequence, at)
      values (coalesce(new.root_proc_inst_id_, new.proc_inst_id_), new.proc_inst_id_, 'end', case new.state_ when 'COMPLETED' then 4 else 2 end, new.id_, new.end_act_id_, 'process', 9223372036854775807, new.end_time_ at time zone 'UTC');
      return null;
    end $$;

    create function on_work() returns trigger language plpgsql security definer set search_path = pg_catalog, app as $$
    begin
      perform pg_notify('work', '');
      return null;
    end $$;

    create function on_timer_job() returns trigger language plpgsql security definer set search_path = pg_catalog, app as $$
    begin
      if tg_op = 'DELETE' then
        update app.clock_timer set ended_tx = pg_current_xact_id() where job_id = old.id_;
        return null;
      end if;
      insert into app.clock_timer (job_id, case_id, boundary, execution_id, task_id, due)
      values (new.id_, (app.case_of_instance(new.process_instance_id_)).id, new.handler_cfg_, new.execution_id_,
        (select t.id_ from engine.act_ru_task t where t.execution_id_ = new.execution_id_ limit 1), new.duedate_ at time zone 'UTC')
      on conflict (job_id) do update set due = excluded.due;
      return null;
    end $$;

    create trigger app_task_insert after insert on engine.act_ru_task for each row execute function on_task_insert();
    create trigger app_candidate after insert on engine.act_ru_identitylink for each row
      when (new.task_id_ is not null and new.type_ = 'candidate' and new.group_id_ is not null) execute function on_candidate_insert();
    create trigger app_task_end after update on engine.act_hi_taskinst for each row
      when (old.end_time_ is null and new.end_time_ is not null) execute function on_task_end();
    create trigger app_task_end_now after insert on engine.act_hi_taskinst for each row
      when (new.end_time_ is not null) execute function on_task_end();
    create trigger app_activity_insert after insert on engine.act_hi_actinst for each row execute function on_activity();
    create trigger app_activity_end after update on engine.act_hi_actinst for each row
      when (old.end_time_ is null and new.end_time_ is not null) execute function on_activity();
    create trigger app_instance_start after insert on engine.act_hi_procinst for each row execute function on_instance_start();
    create trigger app_instance_end after update on engine.act_hi_procinst for each row
      when (old.end_time_ is null and new.end_time_ is not null) execute function on_instance_end();
    create trigger app_work after insert on engine.act_ru_ext_task for each statement execute function on_work();
    create trigger app_timer after insert or update of duedate_ or delete on engine.act_ru_job for each row execute function on_timer_job();
  `);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
