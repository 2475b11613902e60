/** What belongs into the file of a case: its documents and certificates, receipts for them, materials in force. */
import type { Knex } from 'knex';
import type { ArchiveItem } from '../../../contracts/api/index.ts';
import type { Release } from '../../../contracts/flow.ts';

export interface ContentRow {
  kind: ArchiveItem['kind'];
  ref: string;
  title: string;
  number: string | null;
  made_at: Date;
  hash: string;
}

/** Everything with a file, in the order in which it came; a signed or sealed file stands for what was signed. */
export async function contentsOf(
  db: Knex,
  caseId: string,
  { package: { flow, documents: kinds } }: Release,
): Promise<ContentRow[]> {
  const documents = db('document')
    .where({ case_id: caseId })
    .whereIn('state', ['made', 'sealed', 'served', 'superseded'])
    .select(
      ...[db.raw(`'document' as kind`), 'id as ref', 'title', 'number', 'made_at'],
      db.raw('coalesce(signed_hash, file_hash) as hash'),
    );
  const receipts = db('service as s')
    .join('document as d', 'd.id', 's.document_id')
    .where('s.case_id', caseId)
    .whereNotNull('s.evidence')
    .select(
      ...[db.raw(`'receipt' as kind`), 's.id as ref', 'd.title', 'd.number'],
      db.raw('coalesce(s.served_at, s.sent_at) as made_at'),
      's.evidence as hash',
    );
  const certificates = db('certificate')
    .where({ case_id: caseId })
    .whereNotNull('file_hash')
    .whereNotIn('state', ['reserved', 'void'])
    .select(
      db.raw(`'certificate' as kind`),
      'id as ref',
      'kind as title',
      'number',
      'issued_at as made_at',
      'file_hash as hash',
    );
  const materials = db('material')
    .where({ owner: caseId })
    .whereNull('replaced_at')
    .select(
      ...[db.raw(`'material' as kind`), 'id as ref', db.raw(`item || '/' || name as title`)],
      ...[db.raw('null as number'), 'uploaded_at as made_at', 'file_hash as hash'],
    );
  const rows: ContentRow[] = [];
  for (const found of [documents, receipts, certificates, materials]) rows.push(...(await found));
  return rows
    .map((row) => ({ ...row, title: titleOf(row, rows) }))
    .sort((a, b) => a.made_at.getTime() - b.made_at.getTime() || (a.ref < b.ref ? -1 : 1));

  /** A certificate is called as the document that it is. */
  function titleOf({ kind, title, hash }: ContentRow, all: ContentRow[]): string {
    if (kind === 'certificate')
      return all.find((one) => one.kind === 'document' && one.hash === hash)?.title ?? kinds[title]?.title.zh ?? title;
    if (kind !== 'material') return title;
    const at = title.indexOf('/');
    const item = flow.materials.find(({ id }) => id === title.slice(0, at));
    return [item?.title.zh, title.slice(at + 1)].filter(Boolean).join(' ');
  }
}
