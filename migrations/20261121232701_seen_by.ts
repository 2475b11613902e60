import type { Knex } from 'knex';

/** Who opened a task first: whoever wants the decision before it back is told. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`alter table task add seen_by uuid`);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
