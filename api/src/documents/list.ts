/** The documents of a case with their services, as one person sees them. */
import type { DocumentView } from '../../../contracts/api/index.ts';
import type { CompiledFlow, Release } from '../../../contracts/flow.ts';
import type { Core, Who } from '../core/index.ts';
import type { CaseRow } from '../engine/index.ts';
import { finishedDocuments, type DocumentRow } from './documents.repository.ts';
import type { Recording } from './service/record.ts';
import { serviceView } from './service/service.routes.ts';
import { servicesOf, type ServiceRow } from './service/service.repository.ts';
import { isAddressed } from './service/serving.ts';

export interface ListDeps {
  release(id: string): Promise<Release>;
}

/** Oldest first; an applicant sees what was sent there and what bears the institution's own seal. */
export type ListDocuments = (caseId: string, who: Who) => Promise<DocumentView[]>;

export function createList({ db }: Pick<Core, 'db'>, recording: Recording, deps: ListDeps): ListDocuments {
  return async (caseId, who) => {
    const row: CaseRow = await db('case').where({ id: caseId }).first();
    const { package: flow } = await deps.release(row.release_id);
    const may = await recording.mayServe(who, row, flow);
    const documents = await finishedDocuments(db, caseId);
    const all = await servicesOf(
      db,
      documents.map(({ id }) => id),
    );
    return documents.flatMap((document) => {
      const services = all.filter(
        (service) => service.document_id === document.id && (who.kind === 'staff' || isOwn(who, service)),
      );
      const own = services.length > 0 || flow.documents[document.kind]?.seal === 'institution';
      return who.kind === 'staff' || own ? [viewOf(document, flow, services, recording.actionsOf(services, may))] : [];
    });
  };
}

/** What the applicant got, on paper too; the letters to others are not shown. */
const isOwn = (who: Who, service: ServiceRow) => service.addressee_key === 'applicant' || isAddressed(who, service);

function viewOf(
  document: DocumentRow,
  flow: CompiledFlow,
  services: ServiceRow[],
  actions: ReturnType<Recording['actionsOf']>,
): DocumentView {
  const first = services.filter(({ addressee_key: key }) => key === services[0].addressee_key).at(-1);
  return {
    id: document.id,
    kind: document.kind,
    title: document.title,
    number: document.number,
    version: document.version,
    state: document.state,
    madeAt: document.made_at?.toISOString() ?? null,
    signed: document.signed_hash !== null,
    signable: flow.documents[document.kind]?.signatures !== undefined,
    href: `/api/v1/documents/${document.id}/file`,
    service: first
      ? {
          way: first.way,
          addressee: first.addressee,
          sentAt: first.sent_at?.toISOString() ?? null,
          servedAt: first.served_at?.toISOString() ?? null,
        }
      : null,
    services: services.map((service) => serviceView(service, actions.get(service.id)!)),
  };
}
