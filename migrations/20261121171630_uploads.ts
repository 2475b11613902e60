import type { Knex } from 'knex';

/** Files on their way here in parts, so that a cut connection goes on where it stopped. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table upload (
      id uuid primary key default gen_random_uuid(),
      person_id uuid not null,
      name text not null,
      size bigint not null,
      received bigint not null default 0,
      created_at timestamptz not null,
      read_at timestamptz                       -- handed on; kept a little for an answer that got lost
    );
    create index on upload (person_id, created_at);

    create table upload_part (
      upload_id uuid not null references upload on delete cascade,
      at bigint not null,                       -- offset of its first byte
      content text not null,                    -- encrypted, base64
      primary key (upload_id, at)
    );
  `);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
