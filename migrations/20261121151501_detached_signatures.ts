import type { Knex } from 'knex';

/** SM2 signatures over sealed files, which stand beside them. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table detached_signature (
      file_hash text primary key,         -- SHA-256 of the sealed PDF; the file itself is stored by whoever had it sealed
      signature bytea not null,           -- GB/T 35275, DER
      signed_at timestamptz not null
    );
  `);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
