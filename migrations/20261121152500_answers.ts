import type { Knex } from 'knex';

/** Who must speak in a step and what they said (RULES, Answers); who steps aside from whom (RULES, Candidates). */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- Fixed when the step is entered: a group row such as 'cma.examine@52', or 'person:<id>'.
    create table answerer (
      task_id text not null,
      answerer text not null,
      at timestamptz not null,
      primary key (task_id, answerer)
    );

    create table answer (
      id uuid primary key default gen_random_uuid(),
      task_id text not null,
      case_id uuid not null references "case",
      step text not null,
      answerer text not null,
      person_id uuid not null references person,
      role text,
      office text,
      outcome text not null,
      opinion text,
      detail jsonb not null default '{}',  -- reason, pins
      state text not null default 'given' check (state in ('given', 'void')),
      answered_at timestamptz not null,
      position bigint generated always as identity
    );
    create unique index answer_one on answer (task_id, answerer) where state = 'given';
    create index on answer (case_id);
    create index on answer (person_id, answered_at desc);

    create table avoidance (
      id uuid primary key default gen_random_uuid(),
      person_id uuid not null references person,
      subject_register text,
      subject_id uuid,
      other_id uuid references person,     -- in cases that this person started
      ground text not null,
      from_day date not null,
      to_day date not null,
      declared_by uuid not null references person,
      declared_at timestamptz not null,
      ended_at timestamptz,
      check ((subject_id is null) <> (other_id is null)),
      check (from_day <= to_day)
    );
    create index on avoidance (person_id) where ended_at is null;
  `);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
