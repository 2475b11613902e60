import type { Knex } from 'knex';

/** Cases that somebody watches, copies that were read, filters kept by name. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table case_watch (
      person_id uuid not null references person,
      case_id uuid not null references "case",
      at timestamptz not null,
      primary key (person_id, case_id)
    );
    create index on case_watch (person_id, at desc, case_id desc);

    alter table task_copy add column read_at timestamptz;
    create index task_copy_unread on task_copy (person_id) where read_at is null;

    create table saved_filter (
      id uuid primary key default gen_random_uuid(),
      person_id uuid not null references person,
      list text not null,
      name text not null,
      query text not null,                -- as it stands in the address of the page, without the question mark
      saved_at timestamptz not null,
      unique (person_id, list, name)
    );
  `);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
