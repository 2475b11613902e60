/**
 * Service of documents: sent electronically, served at the moment of opening (or deemed so after some days), with a
 * proof of service that goes into the file.
 */
import type { Knex } from 'knex';
import type { Release } from '../../../contracts/flow.ts';
import type { Audit } from '../audit/index.ts';
import type { Clocks } from '../clocks/index.ts';
import { readSetting, type Core, type Who } from '../core/index.ts';
import type { CaseRow } from '../engine/index.ts';
import type { Messages } from '../messages/index.ts';
import { zhMoment } from './data.ts';
import { serviceOf, type DocumentRow, type Proof, type ServiceRow } from './documents.repository.ts';
import type { DocumentOf, Documents } from './documents.service.ts';

/** Days of the calendar after which a document that nobody opened counts as served; 0: never. */
const DEEMED_AFTER = { key: 'service.deemed-after', fallback: 15 };
const PROOF = 'proof-of-service';
const DAY_MS = 86_400_000;

export interface ServingDeps {
  audit: Pick<Audit, 'write'>;
  messages: Pick<Messages, 'send'>;
  clocks: Pick<Clocks, 'apply'>;
  release(id: string): Promise<Release>;
}

export interface Serving {
  /** Sends a finished document to the applicant: a service row and a message. Sent before: nothing. */
  serve(
    trx: Knex.Transaction,
    of: Pick<DocumentOf, 'case' | 'release' | 'step' | 'visit'>,
    document: DocumentRow,
  ): Promise<void>;
  /** The addressee opens a document: the first time is its service. Others and later times change nothing. */
  opened(who: Who, document: DocumentRow, from: { ip: string; agent: string }): Promise<void>;
  /** Deems served what nobody opened in time, and makes the proofs of service that are due. */
  tick(): Promise<void>;
}

export function createServing(core: Core, documents: Documents, deps: ServingDeps): Serving {
  const { db, time, log } = core;

  return {
    async serve(trx, { case: row, step, visit }, document) {
      const to = row.institution_id ? { institutionId: row.institution_id } : { personId: row.starter };
      const sent = await trx('service')
        .insert({
          document_id: document.id,
          case_id: row.id,
          addressee: row.subject_name,
          institution_id: row.institution_id,
          person_id: row.institution_id ? null : row.starter,
          way: 'electronic',
          sent_at: time.now(),
        })
        .onConflict('document_id')
        .ignore()
        .returning('id');
      if (sent.length === 0) return;
      const name = [`《${document.title}》`, document.number].filter(Boolean).join(' ');
      await deps.messages.send(trx, {
        to,
        caseId: row.id,
        kind: 'served',
        title: `收到${name}`,
        body: `${row.title}：${name}已送达您的账户，打开即为送达。`,
        link: `/cases/${row.id}?document=${document.id}`,
      });
      await deps.audit.write(trx, {
        caseId: row.id,
        action: 'document.sent',
        step,
        visit,
        detail: { ...told(document), addressee: row.subject_name },
      });
    },

    async opened(who, document, { ip, agent }) {
      const service = await serviceOf(db, document.id);
      const addressed =
        service &&
        (service.person_id === who.personId || who.institutions.some(({ id }) => id === service.institution_id));
      if (!addressed || service.served_at) return;
      const at = time.now();
      const hash = document.signed_hash ?? document.file_hash ?? '';
      const proof: Proof = { who: who.personId, name: who.name, ip, agent, hash, at: at.toISOString() };
      await db.transaction((trx) => markServed(trx, document, service, proof, at));
    },

    async tick() {
      await deem();
      await makeProofs();
    },
  };

  async function deem(): Promise<void> {
    const days = await readSetting(db, DEEMED_AFTER.key, DEEMED_AFTER.fallback);
    if (days === 0) return;
    const before = new Date(time.now().getTime() - days * DAY_MS);
    const waiting: ServiceRow[] = await db('service')
      .where({ way: 'electronic' })
      .whereNull('served_at')
      .where('sent_at', '<=', before)
      .limit(200);
    for (const service of waiting) {
      const document: DocumentRow = await db('document').where({ id: service.document_id }).first();
      const at = new Date(service.sent_at.getTime() + days * DAY_MS);
      const proof: Proof = { deemed: true, days, at: at.toISOString() };
      await db.transaction((trx) => markServed(trx, document, service, proof, at));
    }
  }

  /** Lock order: case, then the rest. */
  async function markServed(
    trx: Knex.Transaction,
    document: DocumentRow,
    service: ServiceRow,
    proof: Proof,
    at: Date,
  ): Promise<void> {
    const row: CaseRow = await trx('case').where({ id: document.case_id }).forUpdate().first();
    const served = await trx('service')
      .where({ id: service.id })
      .whereNull('served_at')
      .update({ served_at: at, proof: JSON.stringify(proof) });
    if (served === 0) return;
    await trx('document').where({ id: document.id }).whereIn('state', ['made', 'sealed']).update({ state: 'served' });
    const { step, visit, kind } = document;
    if (row.state !== 'closed')
      await deps.clocks.apply(trx, {
        caseId: row.id,
        release: await deps.release(row.release_id),
        changes: [{ kind: 'served', step, visit, at, document: kind }],
      });
    await deps.audit.write(trx, {
      caseId: row.id,
      personId: 'who' in proof ? proof.who : null,
      action: 'who' in proof ? 'document.opened' : 'document.served',
      step,
      visit,
      occurredAt: at,
      detail: {
        ...told(document),
        addressee: service.addressee,
        ...('who' in proof
          ? { hash: proof.hash, ip: proof.ip }
          : { reason: `送出满 ${proof.days} 日没有打开，视为送达` }),
      },
    });
  }

  /** Rows without a proof are the queue: what fails is tried at the next tick, what is made twice is kept once. */
  async function makeProofs(): Promise<void> {
    const waiting: (ServiceRow & { release_id: string })[] = await db('service as s')
      .join('case as c', 'c.id', 's.case_id')
      .join('release as r', 'r.id', 'c.release_id')
      .whereNotNull('s.served_at')
      .whereNull('s.proof_document')
      .whereRaw(`r.package->'documents'->? is not null`, [PROOF])
      .orderBy('s.served_at')
      .limit(20)
      .select('s.*', 'c.release_id');
    for (const service of waiting)
      try {
        await prove(service, await deps.release(service.release_id));
      } catch (error) {
        log.error({ service: service.id, error: (error as Error).message }, 'a proof of service could not be made');
      }
  }

  async function prove(service: ServiceRow, release: Release): Promise<void> {
    const row: CaseRow = await db('case').where({ id: service.case_id }).first();
    const document: DocumentRow = await db('document').where({ id: service.document_id }).first();
    const of: DocumentOf = { case: row, release, step: document.step, visit: document.visit, kind: PROOF };
    const reserved = await db.transaction((trx) => documents.reserve(trx, of, `service:${service.id}`));
    const made = await documents.make(of, reserved, {
      title: document.title,
      number: document.number ?? '',
      addressee: service.addressee,
      way: WAYS[service.way],
      sentAt: zhMoment(service.sent_at),
      servedAt: zhMoment(service.served_at!),
      receiver: service.proof && 'who' in service.proof ? service.proof.name : '',
      note: service.proof && 'deemed' in service.proof ? `送出满 ${service.proof.days} 日，视为送达` : '',
      hash: document.signed_hash ?? document.file_hash ?? '',
    });
    await db.transaction(async (trx) => {
      await documents.finish(trx, of, reserved, made);
      await trx('service').where({ id: service.id }).update({ proof_document: reserved.id });
    });
  }
}

const WAYS: Record<ServiceRow['way'], string> = {
  electronic: '电子送达',
  post: '邮寄送达',
  person: '直接送达',
  announcement: '公告送达',
};

const told = ({ title, number, kind }: DocumentRow) => ({ title, document: kind, ...(number && { number }) });
