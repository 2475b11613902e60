/** What a person can start, and about which certificates. */
import type { z } from 'zod';
import type { CatalogueItem, Renewal, StartCertificate } from '../../../contracts/api/index.ts';
import type { Release } from '../../../contracts/flow.ts';
import { limitText, parseLimit } from '../../../contracts/limits.ts';
import type { CertificateRow } from '../certificates/index.ts';
import { notFound, shanghaiDay, type Core, type Who } from '../core/index.ts';
import { certificatesFor, NO_CERTIFICATE, startCertificate } from './certificate.ts';
import { renewalOf } from './renewals.ts';
import { sampleLinks } from './samples.ts';
import { assertMayStart, officesOf, subjectsOf, whyNot, type StartRegisters } from './starting.ts';

export interface CatalogueDeps {
  flows: { all(): Promise<Release[]>; current(flow: string): Promise<Release> };
  registers: StartRegisters;
}

export interface CatalogueService {
  /** What may be begun comes first. */
  items(who: Who): Promise<z.infer<typeof CatalogueItem>[]>;
  /**
   * Certificates of a subject that a case of this flow may be about; none where it is about none.
   * @throws Problem `may-not-start`, `not-found` where the person may not start it about this subject
   */
  certificates(who: Who, flow: string, subject: string): Promise<StartCertificate[]>;
  /** Certificates of those whom an applicant acts for that run out soon, where a service renews them; soonest first. */
  renewals(who: Who): Promise<Renewal[]>;
}

export function createCatalogueService(core: Core, { flows, registers }: CatalogueDeps): CatalogueService {
  const { db, time } = core;

  async function officesNamed({ package: { flow } }: Release, who: Who): Promise<{ code: string; name: string }[]> {
    if (who.kind === 'applicant') return [];
    return db('office')
      .whereNull('ended_at')
      .whereIn('code', officesOf(flow, who))
      .orderBy('code')
      .select('code', 'name');
  }

  /** Null where nobody applies or the flow is about no certificate. */
  async function certificatesOf({ package: { flow } }: Release, who: Who): Promise<CertificateRow[] | null> {
    if (who.kind !== 'applicant') return null;
    return certificatesFor(
      core,
      flow,
      subjectsOf(flow, who).map(({ id }) => id),
    );
  }

  /** Certificates about which a case of the flow is open. */
  async function underWay(flow: string): Promise<Set<string>> {
    const open = db('case').where({ flow }).whereNot({ state: 'closed' }).whereNotNull('certificate_id');
    return new Set(await open.pluck('certificate_id'));
  }

  return {
    async items(who) {
      const releases = (await flows.all()).filter(({ package: { flow } }) =>
        who.kind === 'applicant' ? flow.start.roles.includes('applicant') : officesOf(flow, who).length > 0,
      );
      const items = await Promise.all(
        releases.map(async (release) =>
          item(release, who, await officesNamed(release, who), await certificatesOf(release, who)),
        ),
      );
      return items.sort((a, b) => Number(b.mayStart) - Number(a.mayStart) || a.code.localeCompare(b.code));
    },

    async certificates(who, flow, subject) {
      const release = await flows.current(flow);
      assertMayStart(release, who);
      const declared = release.package.flow;
      const mayStart =
        who.kind === 'applicant'
          ? subjectsOf(declared, who).some(({ id }) => id === subject)
          : await registers.visible(who, declared.subject.register, subject);
      if (!mayStart) throw notFound();
      return ((await certificatesFor(core, declared, [subject])) ?? []).map(startCertificate);
    },

    async renewals(who) {
      const renewing = (await flows.all()).filter(
        (release) => release.package.flow.certificate?.renews && whyNot(release, who) === null,
      );
      const today = shanghaiDay(time.now());
      const found = await Promise.all(
        renewing.map(async (release) => {
          const { flow } = release.package;
          const renewed = await underWay(flow.id);
          const certificates = (await certificatesOf(release, who)) ?? [];
          return certificates.filter(({ id }) => !renewed.has(id)).flatMap((one) => renewalOf(flow, one, today) ?? []);
        }),
      );
      return found.flat().sort((a, b) => a.left - b.left);
    },
  };
}

function item(
  release: Release,
  who: Who,
  offices: { code: string; name: string }[],
  certificates: CertificateRow[] | null,
): z.infer<typeof CatalogueItem> {
  const { flow } = release.package;
  const reason = whyNot(release, who) ?? (certificates?.length === 0 ? NO_CERTIFICATE : null);
  return {
    flow: flow.id,
    register: flow.subject.register,
    title: flow.title,
    code: flow.code,
    summary: flow.summary,
    legalBasis: flow.legalBasis,
    conditions: flow.conditions,
    fee: Number(flow.fee),
    limits: flow.clocks.map(({ title, limit, promised }) => ({
      title,
      text: limitText(parseLimit(limit)),
      promised: promised ? limitText(parseLimit(promised)) : null,
    })),
    materials: flow.materials.map((m) => ({
      item: m.id,
      title: m.title,
      required: m.required && m.when === undefined,
      hint: m.hint ?? null,
      ...sampleLinks(flow.id, m),
    })),
    mayStart: reason === null,
    reason,
    certificates: certificates?.map(startCertificate) ?? null,
    aboutCertificate: flow.certificate !== undefined,
    staff: offices.length > 0 ? { register: flow.subject.register, offices } : null,
  };
}
