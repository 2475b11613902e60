import type { Knex } from 'knex';

/** Files that a browser does not show by itself: what was made of each once, to be looked at. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table file_preview (
      hash text primary key references file,
      type text not null,                       -- media type of the file
      state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed')),
      result_hash text references file,         -- a PDF, or sheets as JSON
      attempts int not null default 0,
      leased_until timestamptz,                 -- real time: whoever makes it has stopped when this has passed
      asked_at timestamptz not null,
      ended_at timestamptz
    );
    create index on file_preview (asked_at) where state in ('waiting', 'running');
    create function tell_file_preview() returns trigger language plpgsql as $$
    begin
      perform pg_notify('file_preview', '');
      return null;
    end $$;
    create trigger tell_file_preview after insert on file_preview for each statement execute function tell_file_preview();
  `);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
