import type { Knex } from 'knex';

/** A flow writes its messages in both languages. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`alter table message add column en jsonb -- {title, body}; null: only in Chinese`);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
