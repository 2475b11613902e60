import type { Knex } from 'knex';

/** The register of testing institutions with its children, drafts and history of registers; edits of form rows. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- refuses a stale change of one row
    alter table form_row add column edits int not null default 0;

    -- Trigrams miss words of two characters, and most Chinese words have two.
    create function bigrams(t text) returns text[] language sql immutable strict parallel safe as $$
      select coalesce(array_agg(distinct substr(s, i, 2)), '{}')
      from (select lower(regexp_replace(t, '\\s', '', 'g')) as s) as plain, generate_series(1, greatest(length(s) - 1, 1)) as i
    $$;

    create table institution (
      id uuid primary key default gen_random_uuid(),
      name text not null,
      uscc text not null unique,
      independent text,
      legal_category text,
      field_category text,
      site_character jsonb,
      division text,
      address text,
      postcode text,
      phone text,
      fax text,
      email text,
      legal_rep_name text,
      legal_rep_position text,
      legal_rep_landline text,
      legal_rep_mobile text,
      top_manager_name text,
      top_manager_position text,
      top_manager_landline text,
      top_manager_mobile text,
      tech_director_name text,
      tech_director_id_type text,
      tech_director_id_number text,
      tech_director_title text,
      tech_director_education text,
      tech_director_years numeric,
      tech_director_position text,
      tech_director_landline text,
      tech_director_mobile text,
      contact_name text,
      contact_position text,
      contact_landline text,
      contact_mobile text,
      parent_name text,
      parent_uscc text,
      parent_category text,
      parent_address text,
      parent_fax text,
      parent_email text,
      parent_head_name text,
      parent_head_position text,
      parent_head_phone text,
      dept_name text,
      dept_head_name text,
      dept_head_position text,
      dept_head_phone text,
      dept_division text,
      dept_address text,
      staff_total numeric,
      staff_senior numeric,
      staff_intermediate numeric,
      staff_junior numeric,
      staff_other numeric,
      fixed_assets bigint,                -- fen
      instrument_count numeric,
      vehicle_types text,
      equip_own_pct numeric,
      equip_rent_pct numeric,
      equip_joint_pct numeric,
      premises_own_pct numeric,
      premises_rent_pct numeric,
      premises_other_pct numeric,
      area_total numeric,                 -- square metres
      area_testing numeric,
      area_constant_temp numeric,
      area_outdoor numeric,
      updated_at timestamptz not null,
      name_bigrams text[] generated always as (bigrams(name)) stored
    );
    create index on institution using gin (name_bigrams);
    create index on institution (division, id);

    create table institution_site (
      id uuid primary key default gen_random_uuid(),
      institution_id uuid not null references institution,
      ordinal int not null,
      code text,
      name text,
      division text,
      address text,
      site_type text,
      ownership text,
      lease_from date,
      lease_until date,
      area numeric,                       -- square metres
      contact_name text,
      contact_landline text,
      contact_mobile text,
      email text,
      updated_at timestamptz not null,
      name_bigrams text[] generated always as (bigrams(coalesce(name, '') || coalesce(address, ''))) stored
    );
    create table institution_signatory (
      id uuid primary key default gen_random_uuid(),
      institution_id uuid not null references institution,
      ordinal int not null,
      name text,
      gender text,
      birth_month text,
      position text,
      title text,
      education text,
      department text,
      phone text,
      email text,
      sign_field text,
      scope text,
      site text,
      graduation text,
      experience text,
      years numeric,
      note text,
      approved_case uuid,
      approved_on date,
      certificate text,
      updated_at timestamptz not null,
      name_bigrams text[] generated always as (bigrams(coalesce(name, ''))) stored
    );
    create table institution_person (
      id uuid primary key default gen_random_uuid(),
      institution_id uuid not null references institution,
      ordinal int not null,
      name text,
      gender text,
      birth_year numeric,
      education text,
      position text,
      title text,
      major text,
      years numeric,
      department text,
      updated_at timestamptz not null,
      name_bigrams text[] generated always as (bigrams(coalesce(name, ''))) stored
    );
    create table institution_equipment (
      id uuid primary key default gen_random_uuid(),
      institution_id uuid not null references institution,
      ordinal int not null,
      code text,
      name text,
      model text,
      range text,
      accuracy text,
      traceability text,
      valid_until date,
      confirmed text,
      site text,
      updated_at timestamptz not null,
      name_bigrams text[] generated always as (bigrams(coalesce(name, '') || coalesce(model, ''))) stored
    );
    create table institution_capability (
      id uuid primary key default gen_random_uuid(),
      institution_id uuid not null references institution,
      ordinal int not null,
      site text,
      scope text,
      field text,
      category text,
      object text,
      parameter text,
      standard_name text,
      standard_no text,
      limits text,
      equipment text,
      method_kind text,
      note text,
      approved_case uuid,
      approved_on date,
      certificate text,
      updated_at timestamptz not null,
      name_bigrams text[] generated always as (
        bigrams(coalesce(object, '') || coalesce(parameter, '') || coalesce(standard_name, '') || coalesce(standard_no, ''))
      ) stored
    );
    create index on institution_site (institution_id, ordinal, id);
    create index on institution_signatory (institution_id, ordinal, id);
    create index on institution_person (institution_id, ordinal, id);
    create index on institution_equipment (institution_id, ordinal, id);
    create index on institution_capability (institution_id, ordinal, id);
    create index on institution_capability using gin (name_bigrams);

    create table register_history (
      id bigint generated always as identity primary key,
      register text not null,
      item uuid not null,
      child text,                         -- capabilities …; null: the item's own fields
      row_id uuid,
      case_id uuid,
      person_id uuid,
      at timestamptz not null,
      before jsonb,                       -- only what changed; null: made new
      after jsonb                         -- null: removed
    );
    create index on register_history (register, item, id);
    revoke update, delete, truncate on register_history from app_run;

    -- What somebody typed and has not put into the register yet (暂存).
    create table register_draft (
      register text not null,
      item uuid not null,
      person_id uuid not null references person,
      change jsonb not null,
      updated_at timestamptz not null,
      primary key (register, item, person_id)
    );
  `);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
