import type { Knex } from 'knex';
import type { CertificateState } from '../../../contracts/certificate-life.ts';
import type { CertificateData } from '../../../contracts/certificate.ts';
import type { Who } from '../core/index.ts';

export type StoredState = 'reserved' | 'void' | Exclude<CertificateState, 'expired'>;

export interface CertificateRow {
  id: string;
  number: string;
  version: number;
  kind: string;
  institution_id: string;
  holder_name: string;
  holder_uscc: string;
  case_id: string | null;
  data: CertificateData;
  digest: string;
  token: string;
  file_hash: string | null;
  state: StoredState;
  /** Days; the last one is valid. */
  valid_from: string;
  valid_to: string;
  suspended_until: string | null;
  /** Counts changes of the state. */
  edits: number;
  issued_at: Date | null;
}

export async function insertReserved(
  trx: Knex.Transaction,
  row: Omit<
    CertificateRow,
    'id' | 'data' | 'digest' | 'file_hash' | 'state' | 'suspended_until' | 'edits' | 'issued_at'
  >,
): Promise<string> {
  const [{ id }] = await trx('certificate')
    .insert({ ...row, data: '{}', digest: '', state: 'reserved' })
    .returning('id');
  return id;
}

/** False where the certificate was issued before. */
export async function markIssued(
  trx: Knex.Transaction,
  id: string,
  issued: { data: CertificateData; digest: string; fileHash: string; at: Date },
): Promise<boolean> {
  const changed = await trx('certificate')
    .where({ id, state: 'reserved' })
    .update({
      data: JSON.stringify(issued.data),
      digest: issued.digest,
      file_hash: issued.fileHash,
      state: 'valid',
      issued_at: issued.at,
    });
  return changed === 1;
}

export async function voidReservedOf(trx: Knex.Transaction, caseId: string): Promise<void> {
  await trx('certificate').where({ case_id: caseId, state: 'reserved' }).update({ state: 'void' });
}

export async function addEvent(
  trx: Knex.Transaction,
  event: {
    certificateId: string;
    kind: string;
    at: Date;
    caseId: string | null;
    personId?: string | null;
    ground?: string;
    article?: string;
    detail?: object;
  },
): Promise<void> {
  await trx('certificate_event').insert({
    certificate_id: event.certificateId,
    kind: event.kind,
    at: event.at,
    case_id: event.caseId,
    person_id: event.personId ?? null,
    ground: event.ground ?? null,
    basis: event.article ?? null,
    detail: JSON.stringify(event.detail ?? {}),
  });
}

export async function certificatesOfCase(db: Knex, caseId: string): Promise<CertificateRow[]> {
  return db('certificate')
    .where({ case_id: caseId })
    .whereNotIn('state', ['reserved', 'void'])
    .orderBy(['number', 'version']);
}

export async function findCertificate(db: Knex, id: string): Promise<CertificateRow | undefined> {
  return db('certificate').where({ id }).whereNotIn('state', ['reserved', 'void']).first();
}

/**
 * The document as which a certificate was sent to its holder's account and not opened there: opening that one is its
 * service. Null for staff, who serve nothing by reading.
 */
export async function unopenedBy(
  db: Knex,
  { kind }: Pick<Who, 'kind'>,
  { case_id, number }: Pick<CertificateRow, 'case_id' | 'number'>,
): Promise<string | null> {
  if (kind !== 'applicant' || !case_id) return null;
  const sent = await db('document as d')
    .join('service as s', 's.document_id', 'd.id')
    .where({ 'd.case_id': case_id, 'd.number': number, 's.addressee_key': 'applicant' })
    .where({ 's.way': 'electronic', 's.state': 'sent' })
    .whereNot('d.state', 'void')
    .first('d.id');
  return sent?.id ?? null;
}

/** All versions of a number that were issued, newest first. */
export async function versionsOf(db: Knex, { kind, number }: Pick<CertificateRow, 'kind' | 'number'>) {
  const rows: (CertificateRow & { case_number: string | null })[] = await db('certificate as v')
    .leftJoin('case as c', 'c.id', 'v.case_id')
    .where({ 'v.kind': kind, 'v.number': number })
    .whereNotIn('v.state', ['reserved', 'void'])
    .orderBy('v.version', 'desc')
    .select('v.*', 'c.number as case_number');
  return rows;
}
