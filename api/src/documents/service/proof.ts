/** The proof of service 送达回证 of each service that took effect, made as a document of the case. */
import type { Release } from '../../../../contracts/flow.ts';
import { inTurn, readSetting, shanghaiDay, type Core } from '../../core/index.ts';
import type { CaseRow, Incidents } from '../../engine/index.ts';
import { zhDay, zhMoment, type Printed } from '../data.ts';
import type { DocumentRow } from '../documents.repository.ts';
import type { DocumentOf, Documents } from '../documents.service.ts';
import type { ServiceRow } from './service.repository.ts';
import { BASIS } from './settings.ts';

const PROOF = 'proof-of-service';
/** While one is printed, others are filled, sealed and written down. */
const AT_ONCE = 4;

const WAYS = { electronic: '电子送达', post: '邮寄送达', person: '直接送达', announcement: '公告送达' };

export interface ProofDeps {
  incidents: Pick<Incidents, 'open' | 'close'>;
  release(id: string): Promise<Release>;
}

/** Rows without a proof are the queue: what fails becomes an incident and is tried at the next tick. */
export function createProofs(core: Core, documents: Documents, deps: ProofDeps): () => Promise<void> {
  const { db } = core;

  return async () => {
    const waiting: (ServiceRow & { release_id: string })[] = await db('service as s')
      .join('case as c', 'c.id', 's.case_id')
      .join('release as r', 'r.id', 'c.release_id')
      .where({ 's.state': 'served', 's.role': 'addressee' })
      .whereNull('s.proof_document')
      .whereRaw(`r.package->'documents'->? is not null`, [PROOF])
      .orderBy('s.served_at')
      .limit(20)
      .select('s.*', 'c.release_id');
    await inTurn(waiting, AT_ONCE, async (service) => {
      try {
        await prove(service, await deps.release(service.release_id));
        await deps.incidents.close(db, 'document', refOf(service));
      } catch (error) {
        await deps.incidents.open(db, {
          kind: 'document',
          ref: refOf(service),
          caseId: service.case_id,
          message: `送达回证没有做成：${service.addressee}`,
          detail: (error as Error).message,
        });
      }
    });
  };

  async function prove(service: ServiceRow, release: Release): Promise<void> {
    const row: CaseRow = await db('case').where({ id: service.case_id }).first();
    const document: DocumentRow = await db('document').where({ id: service.document_id }).first();
    const of: DocumentOf = { case: row, release, step: document.step, visit: document.visit, kind: PROOF };
    const reserved = await db.transaction((trx) => documents.reserve(trx, of, refOf(service)));
    const made = await documents.make(of, reserved, await printedService(service, document));
    await db.transaction(async (trx) => {
      await documents.finish(trx, of, reserved, made);
      await trx('service').where({ id: service.id }).update({ proof_document: reserved.id });
    });
  }

  async function printedService(service: ServiceRow, document: DocumentRow): Promise<Printed> {
    const { way, detail, proof } = service;
    const basis = await readSetting(db, BASIS);
    const server = service.recorded_by && (await db('person').where({ id: service.recorded_by }).first('name'));
    return {
      title: document.title,
      number: document.number ?? '',
      addressee: service.addressee,
      way: detail.receipt === 'left' ? '留置送达' : WAYS[way!],
      basis: basis[detail.receipt === 'left' ? 'left' : way!] ?? '',
      place: detail.place ?? detail.address ?? detail.where ?? '',
      sentAt: way === 'electronic' || way === 'person' ? zhMoment(service.sent_at!) : dayOf(service.sent_at!),
      servedAt: way === 'announcement' ? dayBefore(service.served_at!) : zhMoment(service.served_at!),
      receiver: proof && 'name' in proof ? proof.name : proof && 'receiver' in proof ? proof.receiver : '',
      server: server ? server.name : '',
      note: noteOf(service),
      hash: document.signed_hash ?? document.file_hash ?? '',
    };
  }
}

const refOf = ({ id }: ServiceRow) => `service:${id}`;
const dayOf = (at: Date) => zhDay(shanghaiDay(at));
/** What takes effect at 00:00 belongs to the day before. */
const dayBefore = (at: Date) => dayOf(new Date(at.getTime() - 1));

/** What the receipt says about the circumstances, by the way. */
function noteOf({ way, detail, proof, sent_at }: ServiceRow): string {
  if (way === 'announcement')
    return `${detail.reason}。${dayOf(sent_at!)}在${detail.where}公告，经过 ${detail.days} 日，视为送达`;
  if (way === 'post') return `${detail.carrier}，邮件号 ${detail.tracking}`;
  if (detail.receipt === 'left') return `受送达人拒绝签收，留置送达。见证人：${detail.witnesses}`;
  return proof && 'deemed' in proof ? `送出满 ${proof.days} 日，视为送达` : '';
}
