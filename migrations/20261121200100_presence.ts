import type { Knex } from 'knex';

/**
 * Who has which case or draft open, one row per open page, in real time. It is worth nothing after a crash, so it isn't
 * logged; a row that its api copy doesn't renew is dropped by any other.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create unlogged table presence (
      page uuid primary key,
      owner uuid not null,                -- case or draft
      person_id uuid not null,
      since timestamptz not null default clock_timestamp(),
      seen_at timestamptz not null default clock_timestamp()
    );
    create index on presence (owner);

    create function live_presence() returns trigger language plpgsql security definer set search_path = pg_catalog, app as $$
    begin
      perform app.tell_live('presence', 'case:' || coalesce(new.owner, old.owner));
      return null;
    end $$;
    create trigger live after insert or delete on presence for each row execute function live_presence();

    -- Somebody writes an opinion: whoever looks at the case sees it.
    create function live_opinion() returns trigger language plpgsql security definer set search_path = pg_catalog, app as $$
    begin
      perform app.tell_live('presence', 'case:' || t.case_id) from app.task t where t.id = coalesce(new.task_id, old.task_id);
      return null;
    end $$;
    create trigger live after insert or update or delete on opinion_draft for each row execute function live_opinion();

    -- A deputy hears what the absent person would hear.
    create function live_absence() returns trigger language plpgsql security definer set search_path = pg_catalog, app as $$
    begin
      perform app.tell_live('rights', 'person:' || new.deputy_id);
      return null;
    end $$;
    create trigger live after insert or update on absence for each row execute function live_absence();
  `);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
