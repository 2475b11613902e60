import type { Knex } from 'knex';

/** Up to which day open pages have heard that an absence begins or has ended: one row, for all copies of the workers. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(
    `create table absence_told (only_row boolean primary key default true check (only_row), day date not null)`,
  );
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
