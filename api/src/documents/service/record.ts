/** What an officer records: how a document was sent to an addressee, how the post ended, the scanned receipt. */
import type { Knex } from 'knex';
import type { PostEnd, ServiceAction, ServiceBody } from '../../../../contracts/api/index.ts';
import type { CompiledFlow, Release } from '../../../../contracts/flow.ts';
import type { Audit } from '../../audit/index.ts';
import {
  endOfDay,
  invalidInput,
  notAllowed,
  notFound,
  problemKind,
  readSetting,
  shanghaiDay,
  startOfDay,
  type Core,
  type Who,
} from '../../core/index.ts';
import type { CaseRow } from '../../engine/index.ts';
import { acceptFile } from '../../files/index.ts';
import type { DocumentRow } from '../documents.repository.ts';
import { addService, type NewService, type ServiceDetail, type ServiceRow } from './service.repository.ts';
import { ANNOUNCED_AFTER } from './settings.ts';
import { told, type Serving } from './serving.ts';

const DAY_MS = 86_400_000;

export const alreadyServed = problemKind('already-served', 409, '已经送达，不必再送', 'It has been served already');
export const serviceOver = problemKind(
  'service-over',
  409,
  '这次送达已有结果，刷新看看',
  'This service has an outcome already; reload to see it',
);
export const noAccount = problemKind(
  'no-account',
  422,
  '受送达人没有账户，不能电子送达。改用邮寄、直接送达或公告',
  'The addressee has no account here; serve by post, in person or by announcement',
);

export interface RecordDeps {
  audit: Pick<Audit, 'write'>;
  release(id: string): Promise<Release>;
}

export interface Recording {
  /** What this person may do about each service of a document. */
  actionsOf(services: ServiceRow[], may: boolean): Map<string, ServiceAction[]>;
  /** Whoever holds a role of the flow at the case's office, or above it with the right to take its tasks. */
  mayServe(who: Who, row: CaseRow, flow: CompiledFlow): Promise<boolean>;
  /** Sends it to the addressee of `service`, for the first time, anew, or in another way. */
  send(who: Who, service: ServiceRow, body: ServiceBody): Promise<void>;
  /** The post was delivered, or came back. */
  end(who: Who, service: ServiceRow, body: PostEnd): Promise<void>;
  addEvidence(who: Who, service: ServiceRow, file: { name: string; bytes: Buffer }): Promise<void>;
}

export function createRecording(core: Core, serving: Serving, deps: RecordDeps): Recording {
  const { db, time } = core;

  return {
    actionsOf(services, may) {
      const latest = new Map(services.map((service) => [service.addressee_key, service.id]));
      return new Map(
        services.map((service) => [service.id, may ? actions(service, latest.get(service.addressee_key)!) : []]),
      );
    },

    mayServe,

    async send(who, service, body) {
      const document = await documentOf(service);
      await change(who, service, async (trx, row) => {
        const next = await attempt(service, document, body);
        const current: ServiceRow = await trx('service').where({ id: service.id }).forUpdate().first();
        if (current.state === 'served') throw alreadyServed();
        if (current.state === 'replaced') throw serviceOver();
        if (current.state !== 'returned') await trx('service').where({ id: current.id }).update({ state: 'replaced' });
        const id = await addService(trx, { ...next, recorded_by: who.personId });
        if (!id) throw serviceOver();
        const sent: ServiceRow = await trx('service').where({ id }).first();
        await serving.announce(trx, row, document, sent);
        if (body.way !== 'person') return;
        const at = new Date(body.at);
        await serving.served(trx, document, sent, recorded(body.receiver, at), at);
      });
    },

    async end(who, service, body) {
      const at = new Date(body.at);
      within('at', at, service.sent_at && startOfDay(shanghaiDay(service.sent_at)));
      const document = await documentOf(service);
      await change(who, service, async (trx, row) => {
        const current: ServiceRow = await trx('service').where({ id: service.id }).forUpdate().first();
        if (current.state !== 'sent' || current.way !== 'post') throw serviceOver();
        await trx('service').where({ id: current.id }).update({ recorded_by: who.personId });
        if (body.outcome === 'delivered')
          return serving.served(
            trx,
            document,
            { ...current, recorded_by: who.personId },
            recorded(body.receiver, at),
            at,
          );
        const detail: ServiceDetail = { ...current.detail, returned: body.reason };
        await trx('service')
          .where({ id: current.id })
          .update({ state: 'returned', detail: JSON.stringify(detail) });
        await deps.audit.write(trx, {
          caseId: row.id,
          personId: who.personId,
          action: 'document.returned',
          step: document.step,
          visit: document.visit,
          occurredAt: at,
          detail: { ...told(document), addressee: current.addressee, reason: body.reason },
        });
      });
    },

    async addEvidence(who, service, { name, bytes }) {
      if (service.state !== 'served' || service.evidence) throw serviceOver();
      await acceptFile(name, bytes, ['pdf', 'jpg', 'png']);
      const { hash } = await core.files.put(bytes);
      const document = await documentOf(service);
      await change(who, service, async (trx, row) => {
        const kept = await trx('service').where({ id: service.id }).whereNull('evidence').update({ evidence: hash });
        if (kept === 0) throw serviceOver();
        await deps.audit.write(trx, {
          caseId: row.id,
          personId: who.personId,
          action: 'document.receipt',
          step: document.step,
          visit: document.visit,
          detail: { ...told(document), addressee: service.addressee, hash },
        });
      });
    },
  };

  async function mayServe(who: Who, row: CaseRow, flow: CompiledFlow): Promise<boolean> {
    if (who.kind !== 'staff') return false;
    const roles = Object.values(flow.steps).flatMap(({ groups }) => (groups ?? []).map((group) => group.split('@')[0]));
    const held = who.grants.filter(({ role }) => roles.includes(role));
    if (held.some(({ office }) => office === row.office)) return true;
    const above = held.filter(({ reach, mayTake }) => reach === 'tree' && mayTake).map(({ office }) => office);
    return (await db('office_ancestor').where({ office: row.office }).whereIn('ancestor', above).first()) !== undefined;
  }

  async function documentOf(service: ServiceRow): Promise<DocumentRow> {
    return db('document').where({ id: service.document_id }).first();
  }

  /** Lock order: case, then the rest. */
  async function change(
    who: Who,
    service: ServiceRow,
    work: (trx: Knex.Transaction, row: CaseRow) => Promise<void>,
  ): Promise<void> {
    await db.transaction(async (trx) => {
      const row: CaseRow | undefined = await trx('case').where({ id: service.case_id }).forUpdate().first();
      if (!row) throw notFound();
      if (!(await mayServe(who, row, (await deps.release(row.release_id)).package))) throw notAllowed();
      await work(trx, row);
    });
  }

  async function attempt(service: ServiceRow, document: DocumentRow, body: ServiceBody): Promise<NewService> {
    const { document_id, case_id, addressee, addressee_key, role, person_id, institution_id, office } = service;
    const to = { document_id, case_id, addressee, addressee_key, role, person_id, institution_id, office };
    const made = document.made_at && startOfDay(shanghaiDay(document.made_at));
    const sent = (field: string, at: Date, more: Partial<NewService>): NewService => {
      within(field, at, made);
      return { ...to, way: body.way, state: 'sent', sent_at: at, ...more };
    };
    switch (body.way) {
      case 'electronic':
        if (!person_id && !institution_id && !office) throw noAccount();
        return sent('way', time.now(), {});
      case 'post': {
        const { carrier, tracking, address } = body;
        return sent('sentOn', startOfDay(body.sentOn), { detail: { carrier, tracking, address } });
      }
      case 'person': {
        const { place, receipt, witnesses } = body;
        if (receipt === 'left' && !witnesses) throw witnessesMissing();
        return sent('at', new Date(body.at), { detail: { place, receipt, ...(witnesses && { witnesses }) } });
      }
      case 'announcement': {
        const { where, reason, publishedOn } = body;
        const days = await readSetting(db, ANNOUNCED_AFTER);
        return sent('publishedOn', startOfDay(publishedOn), {
          detail: { where, reason, days },
          due_at: new Date(endOfDay(publishedOn).getTime() + days * DAY_MS),
        });
      }
    }
  }

  /** Not before the document was there, and not in the future. */
  function within(field: string, at: Date, from: Date | null): void {
    const early = from !== null && at < from;
    if (!early && at <= time.now()) return;
    const day = from && shanghaiDay(from);
    throw invalidInput({
      fields: [
        early
          ? { path: field, zh: `不能早于 ${day}`, en: `Not before ${day}` }
          : { path: field, zh: '不能晚于现在', en: 'Not later than now' },
      ],
    });
  }
}

/** Only the latest attempt to reach an addressee can be followed by another. */
function actions(service: ServiceRow, latest: string): ServiceAction[] {
  if (service.state === 'served') return service.evidence === null && service.way !== 'electronic' ? ['evidence'] : [];
  if (service.state === 'sent') return service.way === 'post' ? ['deliver', 'return', 'send'] : ['send'];
  return service.state !== 'replaced' && service.id === latest ? ['send'] : [];
}

const recorded = (receiver: string, at: Date) => ({ recorded: true, receiver, at: at.toISOString() }) as const;

const witnessesMissing = () =>
  invalidInput({
    fields: [
      {
        path: 'witnesses',
        zh: '拒绝签收而留置的，写明在场见证人和所在单位',
        en: 'Left after a refusal: name the witnesses and where they work',
      },
    ],
  });
