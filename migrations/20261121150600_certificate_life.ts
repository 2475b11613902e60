import type { Knex } from 'knex';

/** Suspension with an end, changes that wait for a second person, cases about one certificate. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table certificate
      add column suspended_until date,          -- the last day; null: until it is resumed
      add column edits int not null default 0;  -- refuses a change decided on an older state
    grant select (suspended_until) on certificate to app_public;

    create table certificate_change (
      id uuid primary key default gen_random_uuid(),
      certificate_id uuid not null references certificate,
      change text not null,
      ground text not null,
      article text not null,
      until date,
      state text not null default 'proposed' check (state in ('proposed', 'done', 'refused')),
      proposed_by uuid not null references person,
      proposed_at timestamptz not null,
      ended_by uuid references person,
      ended_at timestamptz,
      reason text
    );
    create unique index certificate_change_open on certificate_change (certificate_id) where state = 'proposed';
    create index on certificate_change (certificate_id, proposed_at);

    alter table draft add column certificate_id uuid references certificate;
    alter table "case" add column certificate_id uuid references certificate;
    create index on "case" (certificate_id) where certificate_id is not null;
  `);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
