import type { Knex } from 'knex';

/** What the subject of a closed case says about it, once. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table evaluation (
      case_id uuid primary key references "case",
      form text not null,
      data jsonb not null,
      person_id uuid not null references person,
      at timestamptz not null
    );
    revoke update, delete, truncate on evaluation from app_run;
  `);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
