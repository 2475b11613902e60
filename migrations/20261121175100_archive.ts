import type { Knex } from 'knex';

/** Electronic files of subjects: what a case leaves behind, each thing under its hash. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table archive_file (
      id uuid primary key default gen_random_uuid(),
      case_id uuid not null references "case",
      version integer not null,
      number text not null,                  -- the same for all versions of a case
      register text,
      subject_id uuid,
      subject_name text not null,
      archived_at timestamptz not null,
      superseded_at timestamptz,             -- archived again after a return
      unique (case_id, version)
    );
    create unique index archive_file_in_force on archive_file (case_id) where superseded_at is null;
    create index on archive_file (register, subject_id, archived_at desc, id desc);

    create table archive_item (
      archive_id uuid not null references archive_file,
      position integer not null,
      kind text not null check (kind in ('document', 'receipt', 'certificate', 'material')),
      ref uuid not null,                     -- the document, service, certificate or material
      title text not null,
      number text,
      made_at timestamptz not null,
      hash text not null references file,    -- SHA-256
      primary key (archive_id, position)
    );
    create index on archive_item (ref);

    revoke update, delete, truncate on archive_item, archive_file from app_run;
    grant update (superseded_at) on archive_file to app_run;
  `);
}

export async function down(): Promise<void> {
  throw new Error('a released migration is not taken back');
}
