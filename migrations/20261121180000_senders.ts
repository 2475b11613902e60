import type { Knex } from 'knex';

/** Answers find the thread that asked. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`alter table connector_call add column sender text`); // activity instance of the step that sent it
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
