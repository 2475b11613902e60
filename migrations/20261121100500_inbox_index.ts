import type { Knex } from 'knex';

/** The inbox reads a group's tasks in the order of their last day; tasks without one come last. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`create index task_group_inbox on task_group (grp, (coalesce(due_on, 'infinity'::date)), task_id)`);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
