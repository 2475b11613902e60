import type { Knex } from 'knex';

/** Who is absent and who acts for them meanwhile; in whose name an answer was given. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table absence (
      id uuid primary key default gen_random_uuid(),
      person_id uuid not null references person,
      deputy_id uuid not null references person,
      from_day date not null,
      to_day date not null,
      flows text[],                        -- null: all
      divisions text[],                    -- GB/T 2260, each with what lies below it; null: all
      note text,
      declared_by uuid not null references person,
      declared_at timestamptz not null,
      ended_at timestamptz,
      check (from_day <= to_day),
      check (person_id <> deputy_id)
    );
    create index on absence (deputy_id) where ended_at is null;
    create index on absence (person_id) where ended_at is null;

    alter table answer add column on_behalf_of uuid references person;
    create index on answer (on_behalf_of, answered_at desc) where on_behalf_of is not null;
    create index on decision (on_behalf_of, decided_at desc) where on_behalf_of is not null;
  `);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
