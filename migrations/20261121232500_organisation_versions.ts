import type { Knex } from 'knex';

/** People and offices are changed over what was seen of them; an office that is done away with stays for its cases. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table person add column version int not null default 1;
    alter table office add column version int not null default 1, add column ended_at timestamptz;
  `);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
