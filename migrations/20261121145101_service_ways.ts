import type { Knex } from 'knex';

/** Several addressees of a document, and service by post, in person and by announcement. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table service
      alter column way drop not null,      -- null: nobody has sent it yet
      alter column sent_at drop not null,
      add column position bigint generated always as identity,
      add column role text not null default 'addressee' check (role in ('addressee', 'copy')),
      add column addressee_key text,       -- applicant, institution:…, person:…, office:…, name:…
      add column state text not null default 'sent'
        check (state in ('waiting', 'sent', 'served', 'returned', 'replaced')),
      add column office text,
      add column detail jsonb not null default '{}',  -- address, tracking number, newspaper …: what the way asks for
      add column due_at timestamptz,       -- an announcement counts as served then
      add column evidence text references file,       -- scanned receipt
      add column recorded_by uuid;
    update service set addressee_key = 'applicant', state = case when served_at is null then 'sent' else 'served' end;
    alter table service alter column addressee_key set not null;
    drop index service_once;
    drop index service_waiting;
    create unique index service_once on service (document_id, addressee_key) where state in ('waiting', 'sent', 'served');
    create index service_waiting on service (coalesce(due_at, sent_at)) where state = 'sent';
  `);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
