import type { Knex } from 'knex';

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

/** Finished documents of a case, oldest first. */
export async function finishedDocuments(db: Knex, caseId: string): Promise<DocumentRow[]> {
  return db('document').where({ case_id: caseId }).whereNotIn('state', ['reserved', 'void']).orderBy('made_at');
}
