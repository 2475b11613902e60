import type { Knex } from 'knex';

/**
 * What open pages have to hear, told on channel `zy_live` as `<kind> <address>`: an address is a group row of the
 * inbox (`cma.acceptance@520102`, `institution:<id>`, `person:<id>`), `case:<id>` or `session:<SHA-256 of its id>`.
 * Nothing is told but that something has changed. What is told twice within one transaction is delivered once.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create function tell_live(kind text, address text) returns void language sql as $$
      select pg_notify('zy_live', kind || ' ' || address) where address is not null
    $$;

    -- A task was offered to groups. A statement at a time: the bulk of a start is one statement.
    create function live_offered() returns trigger language plpgsql security definer set search_path = pg_catalog, app as $$
    begin
      perform app.tell_live('inbox', grp) from (select distinct grp from offered) o;
      return null;
    end $$;
    create trigger live after insert on task_group referencing new table as offered
      for each statement execute function live_offered();

    -- A task was taken, given back, decided, ended, or has another last day: its group rows still stand.
    create function live_task() returns trigger language plpgsql security definer set search_path = pg_catalog, app as $$
    begin
      perform app.tell_live('inbox', grp) from app.task_group where task_id = new.id;
      perform app.tell_live('inbox', 'person:' || old.holder);
      perform app.tell_live('inbox', 'person:' || new.holder);
      perform app.tell_live('case', 'case:' || new.case_id);
      return null;
    end $$;
    create trigger live after update on task for each row
      when ((old.state, old.holder, old.owner, old.due_on, old.ended_at, old.arrived_at)
        is distinct from (new.state, new.holder, new.owner, new.due_on, new.ended_at, new.arrived_at))
      execute function live_task();

    create function live_case() returns trigger language plpgsql security definer set search_path = pg_catalog, app as $$
    begin
      perform app.tell_live('case', 'case:' || new.id);
      perform app.tell_live('cases', 'person:' || new.starter);
      perform app.tell_live('cases', 'institution:' || new.institution_id);
      return null;
    end $$;
    create trigger live_insert after insert on "case" for each row execute function live_case();
    create trigger live after update on "case" for each row
      when ((old.state, old.stage, old.result, old.title, old.moving) is distinct from (new.state, new.stage, new.result, new.title, new.moving))
      execute function live_case();

    create function live_decision() returns trigger language plpgsql security definer set search_path = pg_catalog, app as $$
    begin
      perform app.tell_live('done', 'person:' || new.person_id);
      perform app.tell_live('case', 'case:' || new.case_id);
      return null;
    end $$;
    create trigger live after insert or update on decision for each row execute function live_decision();

    -- Whatever the time line or the list of documents of a case shows.
    create function live_of_case() returns trigger language plpgsql security definer set search_path = pg_catalog, app as $$
    begin
      perform app.tell_live('case', 'case:' || new.case_id);
      return null;
    end $$;
    create trigger live after insert on audit for each row when (new.case_id is not null) execute function live_of_case();
    create trigger live after insert or update on document for each row execute function live_of_case();

    create function live_message() returns trigger language plpgsql security definer set search_path = pg_catalog, app as $$
    begin
      perform app.tell_live('messages', 'person:' || new.person_id);
      perform app.tell_live('messages', 'institution:' || new.institution_id);
      return null;
    end $$;
    create trigger live after insert or update of read_at on message for each row execute function live_message();

    create function live_import() returns trigger language plpgsql security definer set search_path = pg_catalog, app as $$
    begin
      perform app.tell_live('imports', 'person:' || a.person_id) from app.account a where a.login = new.login;
      return null;
    end $$;
    create trigger live after insert or update of state, done on form_import for each row execute function live_import();

    -- Rights that changed and sessions that ended close the streams that were opened with them.
    create function live_rights() returns trigger language plpgsql security definer set search_path = pg_catalog, app as $$
    begin
      perform app.tell_live('rights', 'person:' || new.person_id);
      return null;
    end $$;
    create trigger live after insert or update on role_grant for each row execute function live_rights();
    create trigger live after insert or update on representative for each row execute function live_rights();
    create trigger live after update of disabled_at on account for each row execute function live_rights();

    create function live_left() returns trigger language plpgsql security definer set search_path = pg_catalog, app as $$
    begin
      perform app.tell_live('rights', 'person:' || new.id);
      return null;
    end $$;
    create trigger live after update of left_at on person for each row execute function live_left();

    create function live_session_end() returns trigger language plpgsql security definer set search_path = pg_catalog, app as $$
    begin
      perform app.tell_live('rights', 'session:' || encode(sha256(convert_to(old.sid, 'UTF8')), 'hex'));
      return null;
    end $$;
    create trigger live after delete on session for each row execute function live_session_end();
  `);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
