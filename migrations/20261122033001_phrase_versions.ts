import type { Knex } from 'knex';

/** Phrases are changed over what was seen of them. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('alter table phrase add column version int not null default 1');
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
