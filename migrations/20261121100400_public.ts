import type { Knex } from 'knex';

/** What people see who haven't signed in: certificates and what happened to them, without cases and persons. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    grant usage on schema app to app_public;
    grant select (id, number, version, kind, data, digest, token, state, valid_to, issued_at) on certificate to app_public;
    grant select (certificate_id, kind, at, ground, basis) on certificate_event to app_public;
    create index on certificate (number, version);
    create index on certificate_event (certificate_id);
  `);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
