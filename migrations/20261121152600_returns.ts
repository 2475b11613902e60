import type { Knex } from 'knex';

/** Which task a move started, which visit a task is, and decisions that a return made void. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table move add column started_task text;
    create index on move (started_task) where started_task is not null;
    alter table step_visit add column task_id text;
    create index on step_visit (task_id) where task_id is not null;
    alter table decision add column voided_by uuid references move;
  `);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
