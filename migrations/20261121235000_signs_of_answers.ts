import type { Knex } from 'knex';

/** Where several answer, people are added before or after one's own answer; empty: the decision of the task. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table added_sign add column answerer text not null default '';
    alter table submission add column answerer text not null default '';
    alter table submission drop constraint submission_pkey;
    alter table submission add primary key (task_id, answerer);
  `);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
