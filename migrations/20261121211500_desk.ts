import type { Knex } from 'knex';

/** The desk counts what falls due on a day in the offices below, held by somebody or not. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`create index task_group_all_by_due on task_group (grp, due_on, task_id)`);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
