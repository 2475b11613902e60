import type { Knex } from 'knex';

/** When somebody looked at a case, and which versions of its forms stood there: now, and the time before. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table case_seen (
      person_id uuid not null,
      case_id uuid not null references "case",
      at timestamptz not null,
      versions jsonb not null,                  -- {form: last version that was handed in}
      before_at timestamptz,                    -- the look before this one; null: there was none
      before_versions jsonb,
      primary key (person_id, case_id)
    );
  `);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
