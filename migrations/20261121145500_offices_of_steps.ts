import type { Knex } from 'knex';

/**
 * Candidate offices of threads and of offices that an earlier step set; cases that staff start about a subject
 * (RULES, Candidates).
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table draft
      add column subject_id uuid,             -- entry of the flow's register, where staff start; else institution_id
      add column office text references office;

    -- What steps have set by their decisions says it (decision.detail.sets); nothing else was kept here.
    drop table case_office;

    -- 520102 or 520102001 as it is, 520100 and 520000 as the offices 5201 and 52.
    create function office_of_code(code text) returns text language sql stable as $$
      select o.code from app.office o
      where o.code in (trim(office_of_code.code), regexp_replace(trim(office_of_code.code), '(00)+$', ''))
      order by length(o.code) desc limit 1
    $$;

    -- The element of the innermost multi-instance sub-process around a task; null outside of one.
    create function thread_of(c "case", execution text) returns text language sql stable as $$
      with recursive up as (
        select e.id_, e.parent_id_, e.act_id_, 0 as depth from engine.act_ru_execution e where e.id_ = thread_of.execution
        union all
        select e.id_, e.parent_id_, e.act_id_, up.depth + 1 from up join engine.act_ru_execution e on e.id_ = up.parent_id_
      ), threads as (
        select n->'thread'->>'element' as element
        from app.release r, jsonb_array_elements(r.package->'graph'->'nodes') n
        where r.id = c.release_id and jsonb_exists(n, 'thread')
      )
      select v.text_ from up
      join engine.act_ru_variable v on v.execution_id_ = up.id_
      join threads on threads.element = v.name_
      order by up.depth limit 1
    $$;

    drop function resolve_office(c "case", role text, office text);
    -- Office of a candidate group 'role@office' of a task. Null: there is none.
    create function resolve_office(c "case", t task, role text, office text) returns text language sql stable as $$
      select case
        when office = 'case' then c.office
        when office in ('city', 'province') then (
          select a.ancestor from app.office_ancestor a join app.office o on o.code = a.ancestor
          where a.office = c.office
            and (o.level = 'province' or o.level = resolve_office.office)
            and exists (
              select from app.role_grant g
              where g.role = resolve_office.role and g.office = a.ancestor and g.ended_at is null)
          order by a.distance limit 1)
        when office = 'thread' then app.office_of_code(app.thread_of(c, t.execution_id))
        else (
          select app.office_of_code(d.detail->'sets'->>resolve_office.office) from app.decision d
          where d.case_id = c.id and d.state in ('queued', 'done') and jsonb_exists(d.detail->'sets', resolve_office.office)
          order by d.decided_at desc limit 1)
      end
    $$;

    create or replace function offer_task(task text, candidate text) returns void
      language plpgsql security definer set search_path = pg_catalog, app as $$
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
        held_by := app.resolve_office(c, t, role, coalesce(nullif(split_part(candidate, '@', 2), ''), 'case'));
        insert into app.task_group (task_id, grp, entered_at)
        select t.id, role || '@' || held_by, t.entered_at where held_by is not null
        union all
        select t.id, role || '@' || a.ancestor || '*', t.entered_at from app.office_ancestor a where a.office = held_by
        on conflict do nothing;
      end if;
    end $$;
  `);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
