import type { Knex } from 'knex';

/** Texts that people put into opinions again and again: a person's own, and those of an office. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table phrase (
      id uuid primary key default gen_random_uuid(),
      person_id uuid references person,   -- whose own it is
      office text references office,      -- whose people all have it
      flow text,                          -- null: in every flow
      step text,
      outcome text,
      text text not null,
      at timestamptz not null,
      check ((person_id is null) <> (office is null)),
      check (step is null or flow is not null),
      check (outcome is null or step is not null)
    );
    create index on phrase (person_id) where person_id is not null;
    create index on phrase (office) where office is not null;
  `);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
