import type { Knex } from 'knex';

/** Cases that were copied to somebody, and who asked for a task to be done. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table task_copy (
      task_id text not null,
      case_id uuid not null references "case",
      person_id uuid not null references person,
      by uuid not null references person,
      note text,
      at timestamptz not null,
      primary key (task_id, person_id)
    );
    create index on task_copy (person_id, at desc);
    create index on task_copy (case_id);

    create table task_urge (
      id bigint generated always as identity primary key,
      task_id text not null,
      person_id uuid not null references person,
      at timestamptz not null
    );
    create index on task_urge (task_id, at desc);
  `);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
