import type { Knex } from 'knex';

/** Lists of registers stand in the order of names. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create index institution_in_order on institution (name, id);
    create index enterprise_in_order on enterprise (name, id);
    create index certificate_in_order on certificate (holder_name, id);
    create index credit_file_in_order on credit_file (subject_name, id);
  `);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
