import type { Knex } from 'knex';

/** The transaction in which a move was asked for: what the engine did before it can't be the move. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`alter table move add column asked_tx xid8 not null default pg_current_xact_id()`);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
