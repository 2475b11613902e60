import type { Knex } from 'knex';

/** The head of each audit chain: what a writer locks instead of the chain, and what the anchors are made from. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table audit_chain (
      chain text primary key,
      sequence int not null default 0,    -- of the last line
      hash text not null default '',      -- of the last line
      anchored int not null default 0     -- last sequence that an anchor names
    );
    create index on audit_chain (chain) where sequence > anchored;
    revoke delete, truncate on audit_chain from app_run;
  `);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
