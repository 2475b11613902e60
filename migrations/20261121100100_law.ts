import type { Knex } from 'knex';

/** Calendar generations, what clocks keep beside their events, findings of named checks, bans. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table calendar_year add column generation int not null default 1; -- highest one: state of the whole calendar

    alter table clock
      add column declared jsonb not null default '{}', -- what the case began with: {warn, escalate, step, reason}
      add column generation int not null default 0;    -- of the calendar that due_on was computed with
    create index on clock (generation) where state <> 'ended';

    -- An open visit of a step that stops a clock, has a limit or a boundary timer.
    create table clock_visit (
      id bigint generated always as identity primary key,
      case_id uuid not null references "case",
      step text not null,
      visit int not null,
      task_id text,
      entered_at timestamptz not null,
      timers jsonb not null default '{}'  -- job -> due moment that was last commanded, null: never
    );
    create index on clock_visit (case_id);

    -- Each warning once per due date.
    create table clock_notice (
      case_id uuid not null references "case",
      clock text not null,
      due_on date not null,
      stage text not null,                -- before:2, due, over:1 …
      at timestamptz not null,
      primary key (case_id, clock, due_on, stage)
    );

    create table case_finding (
      id bigint generated always as identity primary key,
      case_id uuid not null references "case",
      step text not null,
      visit int not null,
      code text not null,
      severity text not null check (severity in ('error', 'warning', 'info')),
      path text not null,
      zh text not null,
      en text not null,
      basis text,
      related_case uuid,
      at timestamptz not null
    );
    create index on case_finding (case_id, visit);

    -- Who may not apply until when, by register entry and by code, because a new entry does not end a ban.
    create table ban (
      id uuid primary key default gen_random_uuid(),
      subject_register text not null,
      subject_id uuid,
      uscc text,
      flow text,                          -- null: every flow of the register
      ground text not null,
      article text not null,
      from_day date not null,
      to_day date not null,
      case_id uuid references "case",
      check (subject_id is not null or uscc is not null)
    );
    create index on ban (subject_id);
    create index on ban (uscc);
  `);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
