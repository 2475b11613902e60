/** Documents as their addressees find them: what they are and what opening them means, without opening them. */
import type { ReceivedDocument } from '../../../contracts/api/index.ts';
import { notFound, readSetting, type Core, type Who } from '../core/index.ts';
import type { CaseRow } from '../engine/index.ts';
import { findDocument, type DocumentRow } from './documents.repository.ts';
import { servicesOf, type ServiceRow } from './service/service.repository.ts';
import { deemedAt, isAddressed } from './service/serving.ts';
import { DEEMED_AFTER } from './service/settings.ts';

/** Unopened documents that are listed. */
const MOST = 100;

export interface ReceivedDeps {
  mayReadCase(who: Who, row: CaseRow): Promise<boolean>;
}

export interface Received {
  /** @throws Problem `not-found` where nothing was sent to this person */
  find(who: Who, document: string): Promise<ReceivedDocument>;
  /** What was sent to those whom an applicant acts for and nobody has opened, oldest first. */
  unopened(who: Who): Promise<ReceivedDocument[]>;
}

export function createReceived({ db }: Pick<Core, 'db'>, deps: ReceivedDeps): Received {
  async function viewOf(who: Who, document: DocumentRow, service: ServiceRow): Promise<ReceivedDocument> {
    const row: CaseRow = await db('case').where({ id: document.case_id }).first();
    const isUnopened = service.way === 'electronic' && service.state === 'sent';
    const deemed = isUnopened ? deemedAt(service, await readSetting(db, DEEMED_AFTER)) : null;
    return {
      id: document.id,
      title: document.title,
      number: document.number,
      version: document.version,
      addressee: service.addressee,
      role: service.role,
      sentAt: service.way === 'electronic' ? service.sent_at!.toISOString() : null,
      servedAt: service.served_at?.toISOString() ?? null,
      deemedAt: deemed?.toISOString() ?? null,
      case: (await deps.mayReadCase(who, row)) ? { id: row.id, number: row.number, title: row.title } : null,
      href: `/api/v1/documents/${document.id}/file`,
    };
  }

  return {
    async find(who, id) {
      const document = await findDocument(db, id);
      const row: CaseRow | undefined = document && (await db('case').where({ id: document.case_id }).first());
      if (!document || !row) throw notFound();
      const isApplicant = who.kind === 'applicant' && (await deps.mayReadCase(who, row));
      const own = (await servicesOf(db, [id])).filter(
        (service) =>
          service.state !== 'waiting' &&
          (isAddressed(who, service) || (isApplicant && service.addressee_key === 'applicant')),
      );
      // A copy that was opened doesn't stand for the service that has not been.
      const service = own.find(({ state }) => state === 'sent') ?? own.at(-1);
      if (!service) throw notFound();
      return viewOf(who, document, service);
    },

    async unopened(who) {
      const services: ServiceRow[] = await db('service')
        .where({ way: 'electronic', state: 'sent' })
        .where((mine) =>
          mine.where({ person_id: who.personId }).orWhereIn(
            'institution_id',
            who.institutions.map(({ id }) => id),
          ),
        )
        .orderBy('sent_at')
        .limit(MOST);
      const documents: DocumentRow[] = await db('document')
        .whereIn(
          'id',
          services.map(({ document_id }) => document_id),
        )
        .whereNot({ state: 'void' });
      return Promise.all(
        services.flatMap((service) => {
          const document = documents.find(({ id }) => id === service.document_id);
          return document ? [viewOf(who, document, service)] : [];
        }),
      );
    },
  };
}
