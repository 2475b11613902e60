/** What anybody may see without signing in, read by a database role that sees nothing else. */
import { timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { PublicAnnexPage, PublicCertificate } from '../../../contracts/api/index.ts';
import type { Release } from '../../../contracts/flow.ts';
import { createRateLimit, defineRoute, notFound, openPublicDatabase, type AnyRoute, type Core } from '../core/index.ts';
import { lookupRoutes } from './lookup.routes.ts';
import { createLookup } from './lookup.service.ts';
import {
  ANNEX_PAGE,
  eventsOf,
  findPublished,
  publishedVersions,
  searchAnnex,
  type PublishedCertificate,
} from './repository.ts';
import { publicView } from './view.ts';

export interface PublicDeps {
  /** URL of the database as role app_run, a member of app_public. */
  databaseUrl: string;
  /** The certificate of our authority that signatures lead to, PEM. */
  authorityPem(): Promise<string>;
  release(id: string): Promise<Release>;
}

const CertificateNumber = z.string().min(1).max(40);
const Version = z.coerce.number().int().min(1).max(10_000);

export function createPublic(
  core: Core,
  { databaseUrl, authorityPem, release }: PublicDeps,
): { routes: AnyRoute[]; close(): Promise<void> } {
  const { time } = core;
  const database = openPublicDatabase(databaseUrl);
  const perNumber = createRateLimit({ limit: 30, minutes: 1 });
  const perSearch = createRateLimit({ limit: 120, minutes: 1 });

  const view = (number: string, version?: number, allowed: (found: PublishedCertificate) => boolean = () => true) =>
    database.read(async (trx) => {
      const found = await findPublished(trx, number, version);
      if (!found || !allowed(found)) throw notFound(UNKNOWN);
      const [versions, events] = [
        await publishedVersions(trx, found.kind, number),
        await eventsOf(trx, found.kind, number),
      ];
      return publicView(found, versions, events, time.now());
    });

  return {
    close: () => database.close(),
    routes: [
      ...lookupRoutes(createLookup(core, { database, release })),
      defineRoute({
        method: 'get',
        path: '/public/certificates/:certificate',
        title: { zh: '按编号核对证书', en: 'Check a certificate by its number' },
        rights: { kind: 'public' },
        params: z.object({ certificate: CertificateNumber }),
        answer: PublicCertificate,
        async handle({ params, req, res }) {
          await perNumber(req, res);
          return view(params.certificate.trim());
        },
      }),
      defineRoute({
        method: 'get',
        path: '/public/v/:number/:version/:token',
        title: { zh: '扫码核对证书', en: 'Check a certificate by its QR code' },
        rights: { kind: 'public' },
        params: z.object({ number: CertificateNumber, version: Version, token: z.string().max(40) }),
        answer: PublicCertificate,
        handle: ({ params: { number, version, token } }) => view(number, version, (found) => same(found.token, token)),
      }),
      defineRoute({
        method: 'get',
        path: '/public/certificates/:certificate/annexes/:annex',
        title: { zh: '在证书附表中查', en: 'Search an annex of a certificate' },
        rights: { kind: 'public' },
        params: z.object({ certificate: CertificateNumber, annex: z.string().max(300) }),
        query: z.object({
          version: Version.optional(),
          q: z.string().max(100).default(''),
          /** `next` of the page before. */
          after: z.coerce.number().int().min(0).default(0),
        }),
        answer: PublicAnnexPage,
        async handle({ params: { certificate: number, annex }, query: { version, q, after }, req, res }) {
          await perSearch(req, res);
          return database.read(async (trx) => {
            const found = await findPublished(trx, number, version);
            const of = found?.annexes.find(({ id }) => id === annex);
            if (!found || !of) throw notFound(UNKNOWN);
            const words = q.toLowerCase().split(/\s+/).filter(Boolean);
            const rows = await searchAnnex(trx, { number, version: found.version, annex }, { words, after });
            const shown = rows.slice(0, ANNEX_PAGE);
            return {
              rows: shown.map(({ row }) => row),
              next: rows.length > ANNEX_PAGE ? (shown.at(-1)?.position ?? null) : null,
              total: of.total,
            };
          });
        },
      }),
      defineRoute({
        method: 'get',
        path: '/public/ca',
        title: { zh: '签章的信任根', en: 'The authority that signatures lead to' },
        rights: { kind: 'public' },
        answer: 'file',
        async handle({ res }) {
          res.type('application/x-pem-file').send(await authorityPem());
        },
      }),
    ],
  };
}

const UNKNOWN = {
  zh: '没有这份证书，核对编号和二维码',
  en: 'There is no such certificate; check the number or the code',
};

function same(known: string, given: string): boolean {
  const [a, b] = [Buffer.from(known), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}
