import type { Knex } from 'knex';

/** Messages of one moment keep the order in which they were written. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`alter table message add column position bigint generated always as identity`);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
