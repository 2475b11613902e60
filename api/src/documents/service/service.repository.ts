import type { Knex } from 'knex';
import type { ServiceWay } from '../../../../contracts/api/index.ts';

export interface ServiceRow {
  id: string;
  document_id: string;
  case_id: string;
  addressee: string;
  addressee_key: string;
  role: 'addressee' | 'copy';
  person_id: string | null;
  institution_id: string | null;
  office: string | null;
  /** Null while nobody has sent it. */
  way: ServiceWay | null;
  state: 'waiting' | 'sent' | 'served' | 'returned' | 'replaced';
  sent_at: Date | null;
  served_at: Date | null;
  due_at: Date | null;
  detail: ServiceDetail;
  proof: Proof | null;
  evidence: string | null;
  recorded_by: string | null;
  proof_document: string | null;
}

/** What an officer recorded; which members are there depends on the way. */
export interface ServiceDetail {
  address?: string;
  carrier?: string;
  tracking?: string;
  place?: string;
  receipt?: 'signed' | 'left';
  witnesses?: string;
  where?: string;
  reason?: string;
  /** Days after which an announcement counts as served. */
  days?: number;
  /** Why the post came back. */
  returned?: string;
}

/**
 * How a document reached its addressee: opened by somebody, deemed served after some days, or as an officer recorded
 * it (`receiver` is empty for an announcement).
 */
export type Proof =
  | { who: string; name: string; ip: string; agent: string; hash: string; at: string }
  | { deemed: true; days: number; at: string }
  | { recorded: true; receiver: string; at: string };

export interface NewService {
  document_id: string;
  case_id: string;
  addressee: string;
  addressee_key: string;
  role: ServiceRow['role'];
  person_id: string | null;
  institution_id: string | null;
  office: string | null;
  way: ServiceWay | null;
  state: 'waiting' | 'sent';
  sent_at: Date | null;
  due_at?: Date | null;
  detail?: ServiceDetail;
  recorded_by?: string | null;
}

/** Null where this addressee has a service already that is waiting, sent or served. */
export async function addService(trx: Knex.Transaction, row: NewService): Promise<string | null> {
  const [added] = await trx('service')
    .insert({ ...row, detail: JSON.stringify(row.detail ?? {}) })
    .onConflict(trx.raw(`(document_id, addressee_key) where state in ('waiting', 'sent', 'served')`))
    .ignore()
    .returning('id');
  return added?.id ?? null;
}

/** All services of documents: the applicant's first, then other addressees, then copies; each one's in order. */
export async function servicesOf(db: Knex, documents: string[]): Promise<ServiceRow[]> {
  return db('service')
    .whereIn('document_id', documents)
    .orderByRaw(`role, addressee_key <> 'applicant', addressee_key, position`);
}

export async function findService(db: Knex, id: string): Promise<ServiceRow | undefined> {
  return db('service').where({ id }).first();
}
