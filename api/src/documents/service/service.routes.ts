import { z } from 'zod';
import { PostEnd, ServiceBody, type ServiceView } from '../../../../contracts/api/index.ts';
import type { Release } from '../../../../contracts/flow.ts';
import { defineRoute, notFound, type AnyRoute, type Core, type Who } from '../../core/index.ts';
import type { CaseRow } from '../../engine/index.ts';
import { mimeOf, sendFile, typeOf, type Uploads } from '../../files/index.ts';
import type { Recording } from './record.ts';
import { findService, type ServiceRow } from './service.repository.ts';

export interface ServiceRouteDeps {
  mayReadCase(who: Who, row: CaseRow): Promise<boolean>;
  release(id: string): Promise<Release>;
  uploads: Uploads;
}

const params = z.object({ service: z.uuid() });
const done = z.object({});

/** Recording of service by the officers of the case; the answer is empty, the case view shows it. */
export function serviceRoutes(core: Core, recording: Recording, deps: ServiceRouteDeps): AnyRoute[] {
  return [
    defineRoute({
      method: 'post',
      path: '/services/:service/attempts',
      title: { zh: '送达文书', en: 'Serve a document' },
      rights: { kind: 'object' },
      params,
      body: ServiceBody,
      answer: done,
      async handle({ who, params: { service }, body }) {
        await recording.send(who, await find(who, service), body);
        return {};
      },
    }),
    defineRoute({
      method: 'post',
      path: '/services/:service/end',
      title: { zh: '登记邮寄结果', en: 'Record how a posting ended' },
      rights: { kind: 'object' },
      params,
      body: PostEnd,
      answer: done,
      async handle({ who, params: { service }, body }) {
        await recording.end(who, await find(who, service), body);
        return {};
      },
    }),
    defineRoute({
      method: 'post',
      path: '/services/:service/evidence',
      title: { zh: '上传签收凭证', en: 'Upload the signed receipt' },
      rights: { kind: 'object' },
      params,
      answer: done,
      async handle({ who, params: { service }, req }) {
        const found = await find(who, service);
        await recording.addEvidence(who, found, await deps.uploads.read(who, req));
        return {};
      },
    }),
    defineRoute({
      method: 'get',
      path: '/services/:service/evidence',
      title: { zh: '查看签收凭证', en: 'Look at the signed receipt' },
      rights: { kind: 'object' },
      params,
      answer: 'file',
      async handle({ who, params: { service }, res }) {
        const { evidence, addressee } = await find(who, service);
        if (!evidence) throw notFound();
        const bytes = await core.files.get(evidence);
        const type = await typeOf(bytes);
        sendFile(res, { bytes, name: `${addressee} 签收凭证.${type}`, type: mimeOf(type) });
      },
    }),
  ];

  /** Only staff that may read the case know of its services; what they may do about them is asked with the case locked. */
  async function find(who: Who, id: string): Promise<ServiceRow> {
    const service = await findService(core.db, id);
    const row: CaseRow | undefined = service && (await core.db('case').where({ id: service.case_id }).first());
    if (!service || !row || who.kind !== 'staff' || !(await deps.mayReadCase(who, row))) throw notFound();
    return service;
  }
}

const iso = (at: Date | null) => at?.toISOString() ?? null;

/** One attempt as a case view shows it. */
export function serviceView(service: ServiceRow, actions: ServiceView['actions']): ServiceView {
  const { detail } = service;
  return {
    id: service.id,
    addressee: service.addressee,
    role: service.role,
    way: service.way,
    state: service.state,
    sentAt: iso(service.sent_at),
    servedAt: iso(service.served_at),
    dueAt: iso(service.due_at),
    address: detail.address ?? detail.place ?? detail.where ?? null,
    tracking: detail.tracking ? `${detail.carrier} ${detail.tracking}` : null,
    note: detail.returned ?? detail.witnesses ?? detail.reason ?? null,
    evidence: service.evidence && `/api/v1/services/${service.id}/evidence`,
    actions,
  };
}
