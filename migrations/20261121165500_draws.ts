import type { Knex } from 'knex';

/** Random draws with everything that is needed to draw again. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table draw (
      id uuid primary key default gen_random_uuid(),
      case_id uuid not null references "case",
      flow text not null,
      step text not null,
      visit integer not null,
      register text not null,
      filter text not null,
      seed text not null,
      candidates jsonb not null,   -- [id], sorted: from whom was drawn
      avoided jsonb not null,      -- [{id, ground}]
      drawn uuid[] not null,       -- in the order in which they were drawn
      at timestamptz not null
    );
    create index on draw (case_id);
    create index on draw (flow, step, at);
  `);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
