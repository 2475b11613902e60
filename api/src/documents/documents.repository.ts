import type { Knex } from 'knex';
import type { DocumentView } from '../../../contracts/api/index.ts';

export interface DocumentRow {
  id: string;
  case_id: string;
  step: string;
  visit: number;
  kind: string;
  title: string;
  number: string | null;
  version: number;
  state: 'reserved' | 'made' | 'sealed' | 'served' | 'superseded' | 'void';
  file_hash: string | null;
  signed_hash: string | null;
  made_at: Date | null;
  ref: string | null;
}

export interface ServiceRow {
  id: string;
  document_id: string;
  case_id: string;
  addressee: string;
  person_id: string | null;
  institution_id: string | null;
  way: 'electronic' | 'post' | 'person' | 'announcement';
  sent_at: Date;
  served_at: Date | null;
  proof: Proof | null;
  proof_document: string | null;
}

/** How a document reached its addressee. `deemed`: nobody opened it within the days of the setting. */
export type Proof =
  | { who: string; name: string; ip: string; agent: string; hash: string; at: string }
  | { deemed: true; days: number; at: string };

export interface NewDocument {
  caseId: string;
  step: string;
  visit: number;
  kind: string;
  title: string;
  number: string | null;
  ref: string;
}

/** The document reserved for `ref`, made when it is not there. */
export async function reserveRow(trx: Knex.Transaction, given: NewDocument): Promise<string> {
  const { caseId, ...row } = given;
  const earlier = trx('document')
    .where({ case_id: caseId, step: given.step, kind: given.kind })
    .whereNot({ state: 'void' });
  const [made] = await trx('document')
    .insert({ ...row, case_id: caseId, state: 'reserved', version: earlier.select(trx.raw('1 + count(*)')) })
    .onConflict('ref')
    .ignore()
    .returning('id');
  return made?.id ?? (await trx('document').where({ ref: given.ref }).first('id')).id;
}

/** False where the document was finished before. */
export async function finishRow(
  trx: Knex.Transaction,
  id: string,
  made: { data: object; fileHash: string; signedHash: string | null; at: Date; by?: string },
): Promise<boolean> {
  const changed = await trx('document')
    .where({ id, state: 'reserved' })
    .update({
      data: JSON.stringify(made.data),
      file_hash: made.fileHash,
      signed_hash: made.signedHash,
      state: made.signedHash ? 'sealed' : 'made',
      made_at: made.at,
      made_by: made.by ?? null,
    });
  return changed === 1;
}

/** Earlier documents of the same step and kind are no longer in force; returns them. */
export async function supersede(
  trx: Knex.Transaction,
  by: string,
  place: { caseId: string; step: string; kind: string },
): Promise<DocumentRow[]> {
  return trx('document')
    .where({ case_id: place.caseId, step: place.step, kind: place.kind })
    .whereNot({ id: by })
    .whereIn('state', ['made', 'sealed', 'served'])
    .update({ state: 'superseded', superseded_by: by })
    .returning('*');
}

/** Reserved ones that will never be finished; returns them. */
export async function voidRows(
  trx: Knex.Transaction,
  place: { caseId: string; step?: string; kind?: string; exceptVisit?: number },
): Promise<DocumentRow[]> {
  const { caseId, step, kind, exceptVisit } = place;
  const rows = trx('document').where({ case_id: caseId, state: 'reserved' });
  if (step) void rows.where({ step });
  if (kind) void rows.where({ kind });
  if (exceptVisit !== undefined) void rows.whereNot({ visit: exceptVisit });
  return rows.update({ state: 'void' }).returning('*');
}

export async function findDocument(db: Knex, id: string): Promise<DocumentRow | undefined> {
  return db('document').where({ id }).whereNotIn('state', ['reserved', 'void']).first();
}

/** The newest one of a kind that is in force. */
export async function currentDocument(db: Knex, caseId: string, kind: string): Promise<DocumentRow | undefined> {
  return db('document')
    .where({ case_id: caseId, kind })
    .whereIn('state', ['made', 'sealed', 'served'])
    .orderBy('made_at', 'desc')
    .first();
}

export async function serviceOf(db: Knex, documentId: string): Promise<ServiceRow | undefined> {
  return db('service').where({ document_id: documentId }).first();
}

export async function documentsOfCase(db: Knex, caseId: string): Promise<DocumentView[]> {
  const rows = await db('document as d')
    .leftJoin('service as s', 's.document_id', 'd.id')
    .where('d.case_id', caseId)
    .whereNotIn('d.state', ['reserved', 'void'])
    .orderBy('d.made_at')
    .select('d.*', 's.way', 's.addressee', 's.sent_at', 's.served_at');
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    title: row.title,
    number: row.number,
    version: row.version,
    state: row.state,
    madeAt: row.made_at?.toISOString() ?? null,
    signed: row.signed_hash !== null,
    href: `/api/v1/documents/${row.id}/file`,
    service: row.sent_at && {
      way: row.way,
      addressee: row.addressee,
      sentAt: row.sent_at.toISOString(),
      servedAt: row.served_at?.toISOString() ?? null,
    },
  }));
}
