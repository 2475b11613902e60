/**
 * Service of documents on their addressees: electronic service is sent at once and served when it is opened (or deemed
 * so after some days); what nobody can open waits for an officer. Each service has a proof that goes into the file.
 */
import type { Knex } from 'knex';
import type { Release } from '../../../../contracts/flow.ts';
import type { Audit } from '../../audit/index.ts';
import type { Clocks } from '../../clocks/index.ts';
import { readSetting, type Core, type Who } from '../../core/index.ts';
import type { CaseRow } from '../../engine/index.ts';
import type { CaseForms } from '../../forms/index.ts';
import type { Messages } from '../../messages/index.ts';
import type { DocumentRow } from '../documents.repository.ts';
import type { DocumentOf } from '../documents.service.ts';
import { addresseesOf, type Addressee } from './recipients.ts';
import { addService, servicesOf, type Proof, type ServiceRow } from './service.repository.ts';
import { DEEMED_AFTER } from './settings.ts';

const DAY_MS = 86_400_000;

export interface ServingDeps {
  audit: Pick<Audit, 'write'>;
  messages: Pick<Messages, 'send'>;
  clocks: Pick<Clocks, 'apply'>;
  forms: CaseForms;
  release(id: string): Promise<Release>;
}

export interface Serving {
  /** Sends a finished document to its addressees, each with a service of its own. Sent before: nothing. */
  serve(
    trx: Knex.Transaction,
    of: Pick<DocumentOf, 'case' | 'release' | 'step' | 'visit'>,
    document: DocumentRow,
  ): Promise<void>;
  /** An addressee opens a document: the first time is its service. Others and later times change nothing. */
  opened(who: Who, document: DocumentRow, from: { ip: string; agent: string }): Promise<void>;
  /** Tells an addressee that the document is there, and writes it into the file. */
  announce(trx: Knex.Transaction, row: CaseRow, document: DocumentRow, service: ServiceRow): Promise<void>;
  /** The service took effect at `at`, which may lie in the past: clocks act from that day on. Served before: nothing. */
  served(trx: Knex.Transaction, document: DocumentRow, service: ServiceRow, proof: Proof, at: Date): Promise<void>;
  /** What nobody opened in time, and announcements whose period is over, count as served. */
  deem(): Promise<void>;
}

export function createServing(core: Core, deps: ServingDeps): Serving {
  const { db, time } = core;

  return {
    async serve(trx, { case: row, release }, document) {
      const decl = release.package.documents[document.kind];
      if (!decl) throw new RangeError(`${release.flow} has no document ${document.kind}`);
      for (const addressee of await addresseesOf(trx, deps.forms, { case: row, release, decl })) {
        const id = await addService(trx, { ...rowOf(addressee, document), ...sentOf(addressee, time.now()) });
        const service = id && addressee.account ? await trx('service').where({ id }).first() : undefined;
        if (service) await announce(trx, row, document, service);
      }
    },

    async opened(who, document, { ip, agent }) {
      const own = (await servicesOf(db, [document.id])).filter(
        (service) => service.way === 'electronic' && service.state === 'sent' && isAddressed(who, service),
      );
      const at = time.now();
      const hash = document.signed_hash ?? document.file_hash ?? '';
      const proof: Proof = { who: who.personId, name: who.name, ip, agent, hash, at: at.toISOString() };
      for (const service of own) await db.transaction((trx) => served(trx, document, service, proof, at));
    },

    announce,
    served,

    async deem() {
      const days = await readSetting(db, DEEMED_AFTER);
      const now = time.now();
      const unopened = days > 0 ? new Date(now.getTime() - days * DAY_MS) : null;
      const waiting: ServiceRow[] = await db('service')
        .where({ state: 'sent' })
        .where((due) => {
          void due.where('due_at', '<=', now);
          if (unopened) void due.orWhere((sent) => sent.where({ way: 'electronic' }).where('sent_at', '<=', unopened));
        })
        .limit(200);
      for (const service of waiting) {
        const document: DocumentRow = await db('document').where({ id: service.document_id }).first();
        const at = deemedAt(service, days)!;
        const proof: Proof = { deemed: true, days: service.detail.days ?? days, at: at.toISOString() };
        await db.transaction((trx) => served(trx, document, service, proof, at));
      }
    },
  };

  async function announce(trx: Knex.Transaction, row: CaseRow, document: DocumentRow, service: ServiceRow) {
    const name = [`《${document.title}》`, document.number].filter(Boolean).join(' ');
    const copy = service.role === 'copy';
    for (const to of await accountsOf(trx, service))
      await deps.messages.send(trx, {
        to,
        caseId: row.id,
        kind: 'served',
        title: `${copy ? '收到抄送的' : '收到'}${name}`,
        body: copy ? `${row.title}：${name}抄送您处。` : `${row.title}：${name}已送到您的账户，打开即为送达。`,
        en: {
          title: copy ? `A copy of ${name} has come` : `${name} has come`,
          body: `${row.title}: ${name} is in your account.${copy ? '' : ' Opening it is its service.'}`,
        },
        link: `/documents/${document.id}`,
      });
    await deps.audit.write(trx, {
      caseId: row.id,
      personId: service.recorded_by,
      action: copy ? 'document.copied' : 'document.sent',
      step: document.step,
      visit: document.visit,
      detail: { ...told(document), addressee: service.addressee },
    });
  }

  /** Lock order: case, then the rest. */
  async function served(trx: Knex.Transaction, document: DocumentRow, service: ServiceRow, proof: Proof, at: Date) {
    const row: CaseRow = await trx('case').where({ id: document.case_id }).forUpdate().first();
    const changed = await trx('service')
      .where({ id: service.id, state: 'sent' })
      .update({ state: 'served', served_at: at, proof: JSON.stringify(proof) });
    if (changed === 0) return;
    if (service.role === 'addressee') await follow(trx, row, document, service, at);
    await deps.audit.write(trx, {
      caseId: row.id,
      personId: 'who' in proof ? proof.who : service.recorded_by,
      action: 'who' in proof ? 'document.opened' : 'document.served',
      step: document.step,
      visit: document.visit,
      occurredAt: at,
      detail: { ...told(document), addressee: service.addressee, ...circumstances(service, proof) },
    });
  }

  /**
   * Periods run from the service on the applicant; of a document for others, from the last addressee's. It counts as
   * served when all addressees have it.
   */
  async function follow(trx: Knex.Transaction, row: CaseRow, document: DocumentRow, service: ServiceRow, at: Date) {
    const all = (await servicesOf(trx, [document.id])).filter(({ role }) => role === 'addressee');
    const reached = all.filter(({ state }) => state === 'served');
    const missing = all.filter((one) => !reached.some(({ addressee_key }) => addressee_key === one.addressee_key));
    if (missing.length === 0)
      await trx('document').where({ id: document.id }).whereIn('state', ['made', 'sealed']).update({ state: 'served' });
    const toApplicant = all.some(({ addressee_key }) => addressee_key === 'applicant');
    const decides = toApplicant ? service.addressee_key === 'applicant' : missing.length === 0;
    if (!decides || row.state === 'closed') return;
    const last = new Date(Math.max(...reached.map(({ served_at }) => served_at!.getTime())));
    await deps.clocks.apply(trx, {
      caseId: row.id,
      release: await deps.release(row.release_id),
      changes: [
        {
          kind: 'served',
          step: document.step,
          visit: document.visit,
          at: toApplicant ? at : last,
          document: document.kind,
        },
      ],
    });
  }
}

/** When a service that was sent counts as made although nobody opened it; null where `days` of the setting is 0. */
export function deemedAt({ due_at, sent_at }: ServiceRow, days: number): Date | null {
  return due_at ?? (days > 0 ? new Date(sent_at!.getTime() + days * DAY_MS) : null);
}

/** Whether a person may open a document that was sent to this addressee. */
export const isAddressed = (who: Who, service: ServiceRow): boolean =>
  service.person_id === who.personId ||
  who.institutions.some(({ id }) => id === service.institution_id) ||
  (service.office !== null && who.grants.some(({ office }) => office === service.office));

export const told = ({ title, number, kind }: DocumentRow) => ({ title, document: kind, ...(number && { number }) });

/** An office is told through its own people. */
async function accountsOf(
  trx: Knex.Transaction,
  service: ServiceRow,
): Promise<({ personId: string } | { institutionId: string })[]> {
  if (service.institution_id) return [{ institutionId: service.institution_id }];
  if (service.person_id) return [{ personId: service.person_id }];
  const people: string[] = await trx('role_grant')
    .where({ office: service.office })
    .whereNull('ended_at')
    .distinct()
    .pluck('person_id');
  return people.map((personId) => ({ personId }));
}

const rowOf = ({ key, name, role, account, address }: Addressee, document: DocumentRow) => ({
  document_id: document.id,
  case_id: document.case_id,
  addressee: name,
  addressee_key: key,
  role,
  institution_id: account && 'institutionId' in account ? account.institutionId : null,
  person_id: account && 'personId' in account ? account.personId : null,
  office: account && 'office' in account ? account.office : null,
  detail: address ? { address } : {},
});

const sentOf = ({ account }: Addressee, now: Date) =>
  account
    ? ({ way: 'electronic', state: 'sent', sent_at: now } as const)
    : ({ way: null, state: 'waiting', sent_at: null } as const);

function circumstances({ way }: ServiceRow, proof: Proof): Record<string, unknown> {
  if ('who' in proof) return { hash: proof.hash, ip: proof.ip };
  if ('recorded' in proof) return { way, ...(proof.receiver && { receiver: proof.receiver }) };
  return {
    reason: way === 'announcement' ? `公告满 ${proof.days} 日，视为送达` : `送出满 ${proof.days} 日没有打开，视为送达`,
  };
}
