import type { Knex } from 'knex';

/** What a document was reserved for, and which services wait for their proof. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table document add column ref text;  -- as in number.ref: asked again, the same document
    create unique index document_once on document (ref);
    create unique index service_once on service (document_id);
    create index service_waiting on service (sent_at) where served_at is null;
    create index service_unproven on service (served_at) where served_at is not null and proof_document is null;
  `);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
