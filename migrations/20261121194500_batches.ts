import type { Knex } from 'knex';

/** Several tasks decided or transferred at once: what was asked, task by task, held until it can't be undone any more. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table batch (
      id uuid primary key default gen_random_uuid(),
      person_id uuid not null references person,
      act text not null check (act in ('decide', 'transfer')),
      title jsonb not null,               -- what is done with each, such as the name of the outcome
      outcome text,
      to_person uuid references person,
      needs text[] not null default '{}', -- opinion, reason
      opinion text not null default '',
      reason text not null default '',
      state text not null default 'checked' check (state in ('checked', 'holding', 'held', 'sending', 'sent', 'undone')),
      checked_at timestamptz not null,
      asked_at timestamptz,               -- the click: the moment of its decisions
      hold_until timestamptz,
      ended_at timestamptz
    );
    create index on batch (person_id, checked_at desc);
    create index on batch (state) where state in ('checked', 'holding', 'held', 'sending');

    create table batch_item (
      batch_id uuid not null references batch on delete cascade,
      task_id text not null,
      case_id uuid references "case",     -- null: the person does not see it
      position int not null,
      version int not null,               -- of the task, as it was checked
      state text not null check (state in ('ready', 'refused', 'held', 'sent', 'undone')),
      reason jsonb,                       -- why it was refused
      primary key (batch_id, task_id)
    );
    create unique index batch_item_held on batch_item (task_id) where state = 'held';
  `);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
