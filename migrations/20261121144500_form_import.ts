import type { Knex } from 'knex';

/** Imports of tables: each runs in the background, and whoever asked for it finds it again. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table form_import (
      id uuid primary key default gen_random_uuid(),
      owner uuid not null,                -- draft or case id
      form text not null,
      table_id text not null,
      login text not null,                -- who asked for it; their rights are read again when it runs
      name text not null,
      file_hash text not null references file,
      state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed')),
      done int not null default 0,        -- rows checked
      total int not null default 0,       -- rows in the file, once it is read
      answer jsonb,
      problem jsonb,                      -- {zh, en} of a file that was refused as a whole
      attempts int not null default 0,
      leased_until timestamptz,           -- real time: whoever runs it has stopped when this has passed
      created_at timestamptz not null,
      ended_at timestamptz
    );
    create index on form_import (owner, form, table_id, created_at);
    create index on form_import (created_at) where state in ('waiting', 'running');
    create unique index form_import_one on form_import (owner, form, table_id) where state in ('waiting', 'running');
    create function tell_form_import() returns trigger language plpgsql as $$
    begin
      perform pg_notify('form_import', '');
      return null;
    end $$;
    create trigger tell_form_import after insert on form_import for each statement execute function tell_form_import();
  `);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
