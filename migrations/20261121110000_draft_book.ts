import type { Knex } from 'knex';

/** The application book of a draft as it was made last, sealed or not. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`alter table draft add column book_hash text references file`);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
