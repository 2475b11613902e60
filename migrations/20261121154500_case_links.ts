import type { Knex } from 'knex';

/** Which case a step of another one started. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table case_link (
      case_id uuid not null references "case",      -- the one that started
      started uuid not null references "case",
      step text not null,
      at timestamptz not null,
      primary key (case_id, started)
    );
    create index on case_link (started);
  `);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
