import type { Knex } from 'knex';

/** Form data in versions, rows, materials, files; clocks; numbers; documents; certificates. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table file (
      hash text primary key,              -- SHA-256 of the plain text, hex
      size bigint not null,
      type text not null,                 -- by its bytes, not by its name
      created_at timestamptz not null
    );

    -- One row per (owner, form, version): version n+1 is being edited, a decision or submission closes it.
    create table form_version (
      owner uuid not null,                -- draft and case id
      form text not null,
      version int not null,
      data jsonb not null default '{}',
      sources jsonb not null default '{}',-- field -> where it was filled in from
      edits int not null default 0,       -- refuses stale autosaves
      closed_at timestamptz,
      closed_by uuid,
      updated_at timestamptz not null,
      primary key (owner, form, version)
    );
    -- A row lives from its first version to its last; an autosave writes one row.
    create table form_row (
      id bigint generated always as identity primary key,
      owner uuid not null,
      form text not null,
      table_id text not null,
      row_id uuid not null,
      position int not null,
      from_version int not null,
      to_version int,                     -- last version that has it; null: still there
      data jsonb not null,
      problems jsonb,                     -- [{path, code, severity, zh, en}] of the last check
      unique (owner, form, table_id, row_id, from_version)
    );
    create index on form_row (owner, form, table_id, position) where to_version is null;

    create table material (
      id uuid primary key default gen_random_uuid(),
      owner uuid not null,
      item text not null,                 -- id of the required material in flow.json
      file_hash text not null references file,
      name text not null,
      size bigint not null,
      type text not null,
      version int not null,               -- form version that it belongs to
      uploaded_at timestamptz not null,
      uploaded_by uuid,
      replaced_at timestamptz,
      replaced_by uuid
    );
    create index on material (owner, item);

    create table clock (
      case_id uuid not null references "case",
      id text not null,                   -- decision, review …; step:<step>:<visit> for a step's own limit
      title text not null,
      basis text,
      limit_text text not null,           -- P20WD
      state text not null check (state in ('running', 'stopped', 'ended')),
      due_on date,                        -- null while stopped or unknown
      unknown text,                       -- 'calendar 2027'
      provisional boolean not null default false,
      used int,                           -- working days used, day in progress included, as of the last event
      total int not null,
      started_at timestamptz not null,
      ended_at timestamptz,
      primary key (case_id, id)
    );
    create index on clock (due_on) where state = 'running';
    create table clock_event (
      id bigint generated always as identity primary key,
      case_id uuid not null,
      clock text not null,
      kind text not null check (kind in ('start', 'stop', 'resume', 'end', 'extend')),
      at timestamptz not null,
      reason text,
      basis text,
      detail jsonb not null default '{}'
    );
    create index on clock_event (case_id, clock, at);

    create table number_counter (
      rule text not null,
      scope text not null,
      next int not null,
      primary key (rule, scope)
    );
    create table number (
      text text not null,
      rule text not null,
      scope text not null,
      serial int not null,
      case_id uuid,
      ref text not null,                  -- receipt, decision or document it was drawn for
      state text not null check (state in ('reserved', 'used', 'void')),
      reason text,
      at timestamptz not null,
      primary key (rule, scope, serial),
      unique (rule, text)
    );
    create unique index number_once on number (rule, ref) where state <> 'void';

    create table document (
      id uuid primary key default gen_random_uuid(),
      case_id uuid not null references "case",
      step text not null,
      visit int not null default 1,
      kind text not null,                 -- id in documents.json
      title text not null,
      number text,
      version int not null default 1,
      state text not null check (state in ('reserved', 'made', 'sealed', 'served', 'superseded', 'void')),
      data jsonb,                         -- what the template was filled with
      file_hash text references file,
      signed_hash text references file,
      made_at timestamptz,
      made_by uuid,
      superseded_by uuid references document
    );
    create index on document (case_id, made_at);
    create table service (
      id uuid primary key default gen_random_uuid(),
      document_id uuid not null references document,
      case_id uuid not null,
      addressee text not null,
      person_id uuid,
      institution_id uuid,
      way text not null check (way in ('electronic', 'post', 'person', 'announcement')),
      sent_at timestamptz not null,
      served_at timestamptz,              -- opening time of an electronic document
      proof jsonb,                        -- who opened, from where, hash of what was opened
      proof_document uuid references document
    );
    create index on service (case_id);

    create table certificate (
      id uuid primary key default gen_random_uuid(),
      number text not null,
      version int not null,
      kind text not null,
      institution_id uuid not null,
      holder_name text not null,
      holder_uscc text not null,
      case_id uuid references "case",
      data jsonb not null,
      digest text not null,
      token text not null,
      file_hash text references file,
      state text not null check (state in ('reserved', 'valid', 'suspended', 'superseded', 'revoked', 'forfeited', 'recalled', 'cancelled', 'void')),
      valid_from date not null,
      valid_to date not null,
      issued_at timestamptz,
      unique (kind, number, version)
    );
    create unique index certificate_in_force on certificate (kind, number) where state in ('valid', 'suspended');
    create index on certificate (institution_id);
    create table certificate_event (
      id bigint generated always as identity primary key,
      certificate_id uuid not null references certificate,
      kind text not null,
      at timestamptz not null,
      case_id uuid,
      person_id uuid,
      ground text,
      basis text,
      detail jsonb not null default '{}'
    );
  `);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
