import type { Knex } from 'knex';

/** Which form of its owner a file belongs to. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`alter table material add column form text`);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
