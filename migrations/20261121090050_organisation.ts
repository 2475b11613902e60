import type { Knex } from 'knex';

/** People, accounts, roles, sessions, audit, settings. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table division (
      code text primary key,              -- GB/T 2260, six digits
      name text not null,
      parent text references division,
      level text not null check (level in ('province', 'city', 'county'))
    );
    create table person (
      id uuid primary key default gen_random_uuid(),
      name text not null,
      kind text not null check (kind in ('staff', 'applicant')),
      mobile text,
      email text,
      office text references office,
      position text,
      left_at timestamptz
    );
    create table account (
      login text primary key,
      person_id uuid not null references person,
      password_hash text not null,
      failures int not null default 0,
      locked_until timestamptz,
      disabled_at timestamptz,
      last_sign_in timestamptz
    );
    create table role (
      id text primary key,                -- cma.acceptance
      zh text not null,
      en text not null
    );
    create table role_grant (
      id uuid primary key default gen_random_uuid(),
      person_id uuid not null references person,
      role text not null references role,
      office text not null references office,
      reach text not null check (reach in ('own', 'tree')),
      may_take boolean not null default false,
      granted_at timestamptz not null,
      granted_by uuid,
      ended_at timestamptz
    );
    create unique index role_grant_one on role_grant (person_id, role, office) where ended_at is null;
    create index on role_grant (role, office) where ended_at is null;
    create table representative (
      person_id uuid not null references person,
      institution_id uuid not null,
      since timestamptz not null,
      ended_at timestamptz,
      primary key (person_id, institution_id)
    );
    create table session (
      sid text primary key,
      sess json not null,
      expire timestamp(6) not null
    );
    create index on session (expire);

    create table audit (
      id bigint generated always as identity primary key,
      chain text not null,                -- case id, or day:2026-11-21
      sequence int not null,
      case_id uuid,
      at timestamptz not null,
      occurred_at timestamptz,
      person_id uuid,
      on_behalf_of uuid,
      role text,
      office text,
      action text not null,
      step text,
      visit int,
      detail jsonb not null default '{}', -- reason, article, what was cancelled or kept
      previous text not null,
      hash text not null,
      unique (chain, sequence)
    );
    create index on audit (case_id, sequence);
    create index on audit (person_id, at);
    create table audit_anchor (
      id bigint generated always as identity primary key,
      at timestamptz not null,
      heads jsonb not null,               -- {chain: hash} of the chains that grew since the last anchor
      previous text not null,
      hash text not null
    );

    create table setting (
      key text primary key,
      value jsonb not null,
      changed_at timestamptz not null,
      changed_by uuid
    );
    create table setting_history (
      id bigint generated always as identity primary key,
      key text not null,
      value jsonb not null,
      changed_at timestamptz not null,
      changed_by uuid
    );
    create table calendar_year (
      year int primary key,
      provisional boolean not null,
      days jsonb not null,                -- {"2026-01-01": "off:元旦", "2026-02-14": "work:春节"}
      loaded_at timestamptz not null,
      loaded_by uuid
    );

    create table signature_key (
      id text primary key,                -- ca, office:52, institution:<uuid>
      cert_pem text not null,
      encrypted_key bytea not null,
      created_at timestamptz not null
    );
    create table message (
      id uuid primary key default gen_random_uuid(),
      person_id uuid,
      institution_id uuid,
      case_id uuid references "case",
      kind text not null,
      title text not null,
      body text not null,
      link text,
      at timestamptz not null,
      read_at timestamptz
    );
    create index on message (person_id, at desc);
    create index on message (institution_id, at desc);

    revoke update, delete, truncate on audit, audit_anchor from app_run;
  `);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
