/** What can be started: by whom, about whom, with which certificate; and the guides to it. */
import { z } from 'zod';
import { CatalogueItem, Renewals, StartCertificates } from '../../../contracts/api/index.ts';
import { defineRoute, type AnyRoute, type Core } from '../core/index.ts';
import { createCatalogueService, type CatalogueDeps } from './catalogue.service.ts';
import { guideRoutes, type GuideDeps } from './guides.routes.ts';

export { certificateFor } from './certificate.ts';
export { sampleLinks } from './samples.ts';
export { mayNotStart, startsAbout, type StartRegisters, type StartWish } from './starting.ts';

export function catalogueRoutes(core: Core, deps: CatalogueDeps & GuideDeps): AnyRoute[] {
  const catalogue = createCatalogueService(core, deps);
  return [
    defineRoute({
      method: 'get',
      path: '/catalogue',
      title: { zh: '办事目录', en: 'What can be applied for' },
      rights: { kind: 'signed-in' },
      answer: z.object({ items: z.array(CatalogueItem) }),
      handle: async ({ who }) => ({ items: await catalogue.items(who) }),
    }),
    defineRoute({
      method: 'get',
      path: '/catalogue/:flow/subjects/:item/certificates',
      title: { zh: '可以办理的证书', en: 'Certificates that a case can be about' },
      rights: { kind: 'object' },
      params: z.object({ flow: z.string().max(60), item: z.uuid() }),
      answer: StartCertificates,
      handle: async ({ who, params }) => ({ rows: await catalogue.certificates(who, params.flow, params.item) }),
    }),
    defineRoute({
      method: 'get',
      path: '/renewals',
      title: { zh: '要延续的证书', en: 'Certificates to be renewed' },
      rights: { kind: 'applicant' },
      answer: Renewals,
      handle: async ({ who }) => ({ rows: await catalogue.renewals(who) }),
    }),
    ...guideRoutes(core, deps),
  ];
}
