import type { Knex } from 'knex';

/** People added to a task to give their opinion on it, and decisions that wait for them (RULES, Answers). */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table added_sign (
      id uuid primary key default gen_random_uuid(),
      task_id text not null,
      case_id uuid not null references "case",
      kind text not null check (kind in ('before', 'parallel', 'after')),
      person_id uuid not null references person,
      added_by uuid not null references person,
      reason text not null,
      added_at timestamptz not null,
      -- waiting: an 'after' before the decision is submitted
      state text not null check (state in ('waiting', 'open', 'given', 'removed')),
      agrees boolean,                      -- of an 'after'
      opinion text,
      given_by uuid references person,     -- the person, or a deputy
      ended_at timestamptz
    );
    create unique index added_sign_one on added_sign (task_id, person_id) where state in ('waiting', 'open');
    create index on added_sign (case_id);
    create index on added_sign (person_id) where state = 'open';

    -- A decision that is carried out when all who were added after it have agreed.
    create table submission (
      task_id text primary key,
      person_id uuid not null references person,
      login text not null,
      body jsonb not null,
      at timestamptz not null              -- the click: the moment of the decision
    );
    grant delete on submission to app_run;
  `);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
