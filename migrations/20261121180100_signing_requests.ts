import type { Knex } from 'knex';

/** Signatures that a flow asks for and waits for. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table signing_request (
      id uuid primary key default gen_random_uuid(),
      case_id uuid not null references "case",
      step text not null,
      visit integer not null,
      thread text not null,
      sender text not null,               -- activity instance of the step
      document_id uuid not null references document,
      place text not null,
      answer_step text,                   -- the receive step that waits for the signature
      at timestamptz not null
    );
    create index on signing_request (case_id, step, thread);
    create index on signing_request (case_id, answer_step);
    create index on signing_request (document_id, place);

    alter table signing
      alter column asked_by drop not null,                            -- null: the flow
      add column request_id uuid references signing_request,
      add column recipient jsonb;                                     -- to whom the link was sent: who, or a phone
    create index on signing (request_id) where request_id is not null;

    alter table outgoing alter column message_id drop not null;       -- null: to somebody without an account
  `);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
