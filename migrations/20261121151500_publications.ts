import type { Knex } from 'knex';

/** What the authority makes public. Everybody reads the view: what was withdrawn or replaced is not in it. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table publication (
      id uuid primary key default gen_random_uuid(),
      list text not null,                 -- id in workflows/shared/lists.json
      title text not null,
      fields jsonb not null default '[]', -- [{label, value}] as people read them
      document_title text,
      document_hash text references file,
      case_id uuid not null references "case",
      step text not null,
      thread text not null default '',
      office text not null references office,
      office_name text not null,
      published_at timestamptz not null,
      until date,                         -- last day of the period; null: for good
      superseded_by uuid references publication,
      withdrawn_at timestamptz,
      withdrawn_by uuid,
      withdrawal_reason text,
      words text[] not null               -- bigrams of title and fields
    );
    create index on publication (list, published_at desc, id desc) where withdrawn_at is null and superseded_by is null;
    create index on publication (office, published_at desc, id desc);
    create index on publication (case_id);
    create index on publication using gin (words);

    create view published as
      select id, list, title, fields, document_title, document_hash, office_name, published_at, until, words
      from publication where withdrawn_at is null and superseded_by is null;
    grant select on published to app_public;
    grant execute on function bigrams(text) to app_public;
  `);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
