import type { Knex } from 'knex';

/** Offices, cases, tasks, decisions, commands, engine events, work receipts: what stands around the engine. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table office (
      code text primary key,              -- division code without trailing zeros: 52, 5201, 520102
      name text not null,
      short_name text not null,
      level text not null check (level in ('nation', 'province', 'city', 'county', 'township')),
      division text not null,
      parent text references office,
      profile jsonb not null default '{}' -- address, phone, code in document numbers
    );
    -- each office with itself and every office above it; kept by the organisation area
    create table office_ancestor (
      office text not null references office,
      ancestor text not null references office,
      distance int not null,
      primary key (office, ancestor)
    );
    create index on office_ancestor (ancestor);

    create table release (
      id uuid primary key default gen_random_uuid(),
      flow text not null,
      version int not null,
      definition_id text not null,
      deployment_id text not null,
      hash text not null,
      package jsonb not null,             -- compiled: flow.json, steps, forms, documents
      released_at timestamptz not null,
      released_by uuid,
      unique (flow, version)
    );

    -- A draft and the case made from it share their id, so that form data and rows stay where they are.
    create table draft (
      id uuid primary key default gen_random_uuid(),
      flow text not null,
      release_id uuid not null references release,
      form text not null,
      person_id uuid not null,
      institution_id uuid,
      state text not null default 'open' check (state in ('open', 'submitted', 'discarded')),
      created_at timestamptz not null,
      updated_at timestamptz not null
    );
    create index on draft (person_id, state);
    create index on draft (institution_id, state);

    create table "case" (
      id uuid primary key,
      number text not null unique,        -- business key of the process instance
      flow text not null,
      release_id uuid not null references release,
      title text not null,
      subject_register text,
      subject_id uuid,
      subject_name text not null,
      office text not null references office,
      division text,
      starter uuid not null,
      institution_id uuid,
      state text not null default 'starting' check (state in ('starting', 'running', 'closed')),
      result text,                        -- what the end event says: granted, refused, notAccepted, withdrawn …
      stage text,
      received_at timestamptz not null,
      accepted_at timestamptz,
      closed_at timestamptz,
      engine_instance_id text unique,
      started_at timestamptz,             -- set by the engine's own commit
      moving jsonb,                       -- committed flag of a move: {plan, command, until}
      facts jsonb not null default '{}'   -- what a list filters by
    );
    create index on "case" (subject_id, state);
    create index on "case" (institution_id, received_at desc);
    create index on "case" (office, received_at desc);

    create table case_office (
      case_id uuid not null references "case",
      name text not null,
      office text not null references office,
      primary key (case_id, name)
    );

    create table task (
      id text primary key,
      -- written by triggers
      case_id uuid,
      step text,
      name text,
      instance_id text,
      execution_id text,
      entered_at timestamptz,
      ended_at timestamptz,
      end_reason text,
      -- written by the api
      state text default 'open',          -- open deciding blocked held
      visit int,
      arrived_at timestamptz,             -- legal moment of the entry, injected time
      due_on date,                        -- earliest last day of a running clock
      holder uuid,
      owner uuid,
      on_behalf_of uuid,
      seen_at timestamptz,
      version int default 1
    );
    create index on task (case_id) where ended_at is null;
    create index on task (holder, due_on, id) where ended_at is null;

    create table task_group (
      task_id text not null,
      grp text not null,
      due_on date,
      entered_at timestamptz,
      primary key (task_id, grp)
    );
    create index on task_group (grp, due_on, task_id);

    create table decision (
      id uuid primary key default gen_random_uuid(),
      task_id text not null,
      case_id uuid not null references "case",
      step text not null,
      person_id uuid,
      role text,
      office text,
      on_behalf_of uuid,
      outcome text not null,
      opinion text,
      detail jsonb not null default '{}',
      data_version int,
      state text not null default 'queued' check (state in ('held', 'queued', 'done', 'overtaken', 'blocked')),
      attempts int not null default 0,
      decided_at timestamptz not null,
      acknowledged_at timestamptz,
      tx xid8                             -- the engine's transaction that carried it out
    );
    create unique index decision_one_live on decision (task_id) where state <> 'blocked';
    create index on decision (case_id, decided_at);
    create index on decision (person_id, decided_at desc);
    create index on decision (tx) where tx is not null;

    -- What the engine shall do, in order per case.
    create table command (
      id bigint generated always as identity primary key,
      case_id uuid not null references "case",
      kind text not null check (kind in ('start', 'complete', 'move', 'timer')),
      payload jsonb not null,
      decision_id uuid references decision,
      state text not null default 'queued' check (state in ('held', 'queued', 'done', 'dropped', 'blocked')),
      attempts int not null default 0,
      next_at timestamptz not null default clock_timestamp(), -- real time: a retry, not a business time
      leased_until timestamptz not null default '-infinity', -- somebody is sending it
      last_error text,
      created_at timestamptz not null,
      done_at timestamptz
    );
    create index on command (next_at, id) where state = 'queued';
    create index on command (case_id, id) where state in ('held', 'queued');

    create table move (
      id uuid primary key default gen_random_uuid(),
      case_id uuid not null references "case",
      kind text not null,                 -- exit, onDemand, return …
      actor uuid,
      task_id text,                       -- the actor's own task, if any
      reason text,
      plan jsonb not null,
      state text not null default 'queued' check (state in ('queued', 'done', 'overtaken', 'blocked')),
      asked_at timestamptz not null,
      acknowledged_at timestamptz,
      tx xid8
    );
    create index on move (case_id, state);

    -- A queue, not a log: handled rows are deleted. No checks: an exception here would stop all approvals.
    create table engine_event (
      id bigint generated always as identity primary key,
      tx xid8 default pg_current_xact_id(),
      root text,
      instance text,
      kind text,                          -- enter, leave
      how int,                            -- 0 running, 1 ended its scope, 2 cancelled, 4 normal
      act_inst text,
      parent_act_inst text,
      act_id text,
      act_type text,
      task_id text,
      execution_id text,
      sequence bigint,
      at timestamptz
    );
    create index on engine_event (root, tx);

    create table step_visit (
      act_inst text primary key,
      case_id uuid not null references "case",
      step text not null,
      type text not null,
      parent text,
      thread text,
      visit int not null,
      entered_at timestamptz not null,    -- injected time
      left_at timestamptz,
      how text                            -- done, cancelled, ended
    );
    create index on step_visit (case_id, entered_at);

    create table work_receipt (
      external_task_id text primary key,
      case_id uuid not null references "case",
      step text not null,
      thread text not null default '',
      visit int not null,
      topic text not null,
      reserved jsonb,
      output jsonb,                       -- null: reserved, not finished
      at timestamptz not null,
      finished_at timestamptz
    );
    create index on work_receipt (case_id, step, thread);

    -- What somebody typed and did not send yet; after a block the text of the decision comes back here.
    create table opinion_draft (
      task_id text not null,
      person_id uuid not null,
      opinion text not null,
      saved_at timestamptz not null,
      primary key (task_id, person_id)
    );

    create table incident (
      id uuid primary key default gen_random_uuid(),
      code text not null unique,          -- E-7F31, what people are told
      case_id uuid references "case",
      kind text not null,                 -- command, work, event, office, calendar
      ref text,
      step text,
      message text not null,
      detail text,
      state text not null default 'open' check (state in ('open', 'closed')),
      opened_at timestamptz not null,
      closed_at timestamptz,
      closed_by uuid,
      seen int not null default 1
    );
    create unique index incident_open on incident (kind, ref) where state = 'open';

    create table clock_timer (
      job_id text primary key,
      case_id uuid,
      boundary text,
      execution_id text,
      task_id text,
      due timestamptz,
      ended_tx xid8
    );
    create index on clock_timer (case_id);

    create table idempotency (
      person_id uuid not null,
      route text not null,
      key text not null,
      body_hash text not null,
      answer jsonb,
      created_at timestamptz not null default clock_timestamp(),
      primary key (person_id, route, key)
    );
  `);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
