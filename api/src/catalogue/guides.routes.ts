/** The guides: what can be applied for, as anybody may read it, and the files of its materials. */
import { z } from 'zod';
import { GuideList, ServiceGuide } from '../../../contracts/api/index.ts';
import type { Release } from '../../../contracts/flow.ts';
import { createRateLimit, defineRoute, notFound, type AnyRoute, type Core } from '../core/index.ts';
import { mimeOf, sendFile } from '../files/index.ts';
import { guideOf, guideRow } from './guide.ts';
import { sampleName } from './samples.ts';

export interface GuideDeps {
  flows: {
    all(): Promise<Release[]>;
    current(flow: string): Promise<Release>;
    sample(release: Release, name: string): Promise<Buffer>;
  };
}

const Flow = z.object({ flow: z.string().max(60) });
const isOpen = ({ package: { flow } }: Release): boolean => flow.start.roles.includes('applicant');

export function guideRoutes({ db, settings }: Core, { flows }: GuideDeps): AnyRoute[] {
  const perReader = createRateLimit({ limit: 240, minutes: 1 });

  /** @throws Problem not-found, also where nobody can apply for it */
  async function find(flow: string): Promise<Release> {
    const release = await flows.current(flow);
    if (!isOpen(release)) throw notFound();
    return release;
  }

  /** Of the office that the whole installation belongs to: nothing in a request chooses another one. */
  async function contact(): Promise<ServiceGuide['contact']> {
    const office = await db('office').where({ code: settings.rootOffice }).first('name', 'profile');
    return office
      ? { name: office.name, address: office.profile.address ?? null, phone: office.profile.phone ?? null }
      : null;
  }

  return [
    defineRoute({
      method: 'get',
      path: '/public/guides',
      title: { zh: '办事指南', en: 'Guides to what can be applied for' },
      rights: { kind: 'public' },
      answer: GuideList,
      async handle({ req, res }) {
        await perReader(req, res);
        return { rows: (await flows.all()).filter(isOpen).map(({ package: { flow } }) => guideRow(flow)) };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/public/guides/:flow',
      title: { zh: '事项的办事指南', en: 'Guide to one service item' },
      rights: { kind: 'public' },
      params: Flow,
      answer: ServiceGuide,
      async handle({ params, req, res }) {
        await perReader(req, res);
        return guideOf((await find(params.flow)).package, await contact());
      },
    }),
    defineRoute({
      method: 'get',
      path: '/public/guides/:flow/files/:file',
      title: { zh: '材料的样表、空表', en: 'Sample or empty form of a material' },
      rights: { kind: 'public' },
      params: Flow.extend({ file: z.string().max(100) }),
      answer: 'file',
      async handle({ params: { flow, file }, req, res }) {
        await perReader(req, res);
        const release = await find(flow);
        const bytes = await flows.sample(release, file);
        const type = mimeOf(file.split('.').at(-1)!);
        sendFile(res, { bytes, name: sampleName(release.package.flow, file), type });
      },
    }),
  ];
}
