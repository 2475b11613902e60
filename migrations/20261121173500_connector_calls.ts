import type { Knex } from 'knex';

/** Calls to outside systems: queued with what a case decided, sent by the workers, kept with request and answer. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table connector_call (
      id uuid primary key default gen_random_uuid(),    -- also the key by which the other side knows a repetition
      system text not null,
      message text not null,
      case_id uuid not null references "case",
      step text not null,
      visit integer not null,
      answer_step text,                                 -- the receive step that waits for the answer
      request jsonb not null,
      state text not null default 'queued' check (state in ('queued', 'answered', 'failed')),
      attempts integer not null default 0,
      next_at timestamptz not null default clock_timestamp(),
      leased_until timestamptz not null default '-infinity',
      answer jsonb,
      at timestamptz not null,
      answered_at timestamptz
    );
    create index on connector_call (next_at) where state = 'queued';
    create index on connector_call (case_id, answer_step);
    create index on connector_call (at desc, id desc);

    create table connector_attempt (
      id bigint generated always as identity primary key,
      call_id uuid not null references connector_call,
      at timestamptz not null,
      ms integer not null,
      status integer,                                   -- of HTTP; null: no answer
      body text,
      problem text
    );
    create index on connector_attempt (call_id);

    alter table command drop constraint command_kind_check;
    alter table command add check (kind in ('start', 'complete', 'move', 'timer', 'receive'));

    create function app.connector_call_queued() returns trigger language plpgsql as $$
    begin
      perform pg_notify('connector_call', '');
      return null;
    end $$;
    create trigger queued after insert or update of state on connector_call for each statement
      execute function app.connector_call_queued();
  `);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
