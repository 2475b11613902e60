import type { Knex } from 'knex';

/** Signatures by hand: asked for with a link that works once, and kept with who, when, from where and what. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table signing (
      id uuid primary key default gen_random_uuid(),
      case_id uuid not null references "case",
      document_id uuid not null references document,
      place text not null,                -- id of the place in documents.json
      signer text not null,
      token_hash text not null unique,    -- SHA-256; the token itself is only in the link
      document_hash text not null,        -- SHA-256 of the file that is to be signed
      asked_by uuid not null references person,
      asked_at timestamptz not null,
      expires_at timestamptz not null,
      cancelled_at timestamptz,
      signed_at timestamptz,
      means text check (means in ('pen', 'picture')),
      through text check (through in ('desk', 'link', 'qr')),
      ip text,
      agent text,
      picture_hash text references file,
      signed_hash text references file    -- the file with the signature on it
    );
    create index on signing (document_id, asked_at);
  `);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
