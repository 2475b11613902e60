import type { Knex } from 'knex';

/** Messages that leave the house; looking up cases by the contact's mobile. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table outgoing (
      id uuid primary key default gen_random_uuid(),
      message_id uuid not null references message,
      channel text not null check (channel in ('mail', 'sms')),
      recipient text not null,
      subject text not null,
      body text not null,
      state text not null default 'queued' check (state in ('queued', 'sent', 'failed')),
      tries int not null default 0,
      next_at timestamptz not null default clock_timestamp(),  -- of real time
      last_error text,
      made_at timestamptz not null,
      sent_at timestamptz
    );
    create index outgoing_due on outgoing (next_at) where state = 'queued';

    alter table "case" add column contact_mobile text;          -- digits
    create index case_contact on "case" (contact_mobile, received_at) where contact_mobile is not null;
    create view case_lookup as
      select contact_mobile, number, release_id, subject_name, state, stage, result, received_at, closed_at
      from "case" where contact_mobile is not null;
    grant select on case_lookup to app_public;

    -- One code at a time per number; its digest only.
    create table lookup_code (
      mobile text primary key,
      digest text not null,
      sent_at timestamptz not null,
      tries int not null default 0
    );
  `);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
