import type { Knex } from 'knex';

/** Registers `enterprise` and `credit-file`; people act for entries of any register of subjects; the admission of institutions. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table enterprise (
      id uuid primary key default gen_random_uuid(),
      name text not null,
      uscc text not null unique,
      division text,
      address text,
      legal_rep_name text,
      legal_rep_mobile text,
      contact_name text,
      contact_mobile text,
      contact_email text,
      updated_at timestamptz not null,
      name_bigrams text[] generated always as (bigrams(name)) stored
    );
    create index on enterprise using gin (name_bigrams);
    create index on enterprise (division, id);
    create table enterprise_product (
      id uuid primary key default gen_random_uuid(),
      enterprise_id uuid not null references enterprise,
      ordinal int not null,
      name text,
      brand text,
      model text,
      category text,
      standard_no text,
      note text,
      updated_at timestamptz not null
    );
    create index on enterprise_product (enterprise_id, ordinal, id);

    create table credit_file (
      id uuid primary key default gen_random_uuid(),
      subject_register text,
      subject_id uuid,
      subject_name text not null,
      uscc text,
      kind text,
      fact text,
      ground text,
      article text,
      document text,                      -- number of the decision
      case_number text,
      decided_on date,
      valid_from date,
      valid_until date,                   -- the last day
      state text,
      updated_at timestamptz not null,
      name_bigrams text[] generated always as (bigrams(subject_name)) stored
    );
    create index on credit_file using gin (name_bigrams);
    create index on credit_file (subject_id);

    alter table institution
      add column admission text,
      add column admission_on date,
      add column admission_reason text,
      add column admission_case text;     -- number of the case

    -- Whom a case may be about and people may act for.
    create view register_subject as
      select 'institution' as register, id, name, uscc, division from institution
      union all
      select 'enterprise', id, name, uscc, division from enterprise;
    alter table representative rename column institution_id to entry;
    alter table representative add column register text not null default 'institution';
    alter table representative alter column register drop default;
  `);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
