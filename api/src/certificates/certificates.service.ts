import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Knex } from 'knex';
import type { CaseView } from '../../../contracts/api/index.ts';
import { stateOn, type CertificateState } from '../../../contracts/certificate-life.ts';
import { certificateDigest, type CertificateData } from '../../../contracts/certificate.ts';
import { addMonths, dayNumber, dayText } from '../../../contracts/days.ts';
import type { Release } from '../../../contracts/flow.ts';
import { parseLimit } from '../../../contracts/limits.ts';
import type { Audit } from '../audit/index.ts';
import { shanghaiDay, type Core, type Who } from '../core/index.ts';
import type { SealOf } from '../documents/index.ts';
import type { CaseRow } from '../engine/index.ts';
import type { WholeForms } from '../forms/index.ts';
import type { Numbers } from '../numbers/index.ts';
import {
  addEvent,
  certificatesOfCase,
  findCertificate,
  insertReserved,
  markIssued,
  unopenedBy,
  voidReservedOf,
  type CertificateRow,
} from './certificates.repository.ts';
import { buildAnnexes, CertificateLayout, mergeAnnexes, valueAt } from './layout.ts';

export interface CertificateDeps {
  audit: Pick<Audit, 'write'>;
  numbers: Pick<Numbers, 'draw' | 'use'>;
  forms: WholeForms;
  /** A file of the release below `templates/`. */
  template(release: Release, path: string): Promise<Buffer>;
  /** Draws the certificate with its annexes and QR code, and attaches the data. */
  render(data: CertificateData, printed: { digest: string; url: string }): Promise<Buffer>;
  seal(pdf: Buffer, of: SealOf): Promise<Buffer>;
}

export interface CertificateOf {
  case: CaseRow;
  release: Release;
  /** Id in `documents.json`. */
  kind: string;
  /** A new version of the certificate in force: same number, same last day, its rows and the approved ones. */
  change?: 'extend';
}

/** What is fixed with the number; kept with the work's receipt. */
export interface ReservedCertificate {
  id: string;
  number: string;
  version: number;
  token: string;
  ref: string;
  issuedOn: string;
  validTo: string;
  /** The version that this one supersedes. */
  before: string | null;
}

export interface MadeCertificate {
  data: CertificateData;
  digest: string;
  fileHash: string;
}

export interface Certificates {
  /**
   * Draws the number and fixes the days: valid from the day of issue to the day before the corresponding one.
   * An extension keeps number and last day.
   * @throws RangeError where the forms lack what the number needs, or no certificate is in force to be extended
   */
  reserve(trx: Knex.Transaction, of: CertificateOf, ref: string): Promise<ReservedCertificate>;
  /** Draws, seals and stores it; slow, outside of transactions. The same certificate each time but for the signature. */
  make(of: CertificateOf, reserved: ReservedCertificate): Promise<MadeCertificate>;
  /** Puts it in force; the version before is superseded. */
  issue(trx: Knex.Transaction, of: CertificateOf, reserved: ReservedCertificate, made: MadeCertificate): Promise<void>;
  /** Makes void what a case reserved and never issued. */
  voidReserved(trx: Knex.Transaction, caseId: string): Promise<void>;
  /** Certificates of a case with their state today, newest last. */
  list(caseId: string, who: Pick<Who, 'kind'>): Promise<CaseView['certificates']>;
}

const AUTHORITIES = new URL('../../data/certificate-authorities.json', import.meta.url);
const TOKEN = { letters: 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789', length: 10 };

type StateColumns = Pick<CertificateRow, 'state' | 'valid_to' | 'suspended_until'>;

/** The state of a certificate that was issued, on a day. */
export function stateOf({ state, valid_to, suspended_until }: StateColumns, today: string): CertificateState {
  if (state === 'reserved' || state === 'void') throw new RangeError(`a certificate that is ${state} has no state`);
  return stateOn({ state, validTo: valid_to, suspendedUntil: suspended_until }, today);
}

/** The last valid day: validity `P6Y` from 2026-11-21 ends with 2032-11-20. */
export function validUntil(issuedOn: string, validity: string): string {
  const { count, unit } = parseLimit(validity);
  if (unit !== 'Y' && unit !== 'M') throw new RangeError(`validity in years or months, not ${validity}`);
  return dayText(addMonths(dayNumber(issuedOn), unit === 'Y' ? count * 12 : count) - 1);
}

export async function createCertificateService(core: Core, deps: CertificateDeps): Promise<Certificates> {
  const { db, time } = core;
  const { codes } = JSON.parse(await readFile(AUTHORITIES, 'utf8')) as { codes: Record<string, string> };

  return {
    async reserve(trx, of, ref) {
      const decl = declOf(of);
      const layout = await layoutOf(of);
      const { case: row } = of;
      if (!row.subject_id) throw new RangeError('a certificate needs an entry of a register as its holder');
      const { holder } = layout;
      const issuedOn = shanghaiDay(time.now());
      const forms = await deps.forms.whole(row.id);
      const [holderName, holderUscc] = await Promise.all(
        [holder.name, holder.uscc].map((path) => valueAt(forms, row.id, path)),
      );
      const token = Array.from({ length: TOKEN.length }, () => TOKEN.letters[randomInt(TOKEN.letters.length)]).join('');
      const before = of.change === 'extend' ? await inForce(trx, row, layout.kind) : null;
      const number = before?.number ?? (await drawNumber(trx, of, layout, { ref, issuedOn }));
      const version = before ? await nextVersion(trx, before) : 1;
      const validTo = before?.valid_to ?? validUntil(issuedOn, decl.validity);
      const id = await insertReserved(trx, {
        number,
        version,
        kind: layout.kind,
        institution_id: row.subject_id,
        holder_name: holderName!,
        holder_uscc: holderUscc!,
        case_id: row.id,
        token,
        valid_from: issuedOn,
        valid_to: validTo,
      });
      return { id, number, version, token, ref, issuedOn, validTo, before: before?.id ?? null };
    },

    async make(of, reserved) {
      const layout = await layoutOf(of);
      const { case: row } = of;
      const forms = await deps.forms.whole(row.id);
      const [name, uscc, address] = await Promise.all(
        [layout.holder.name, layout.holder.uscc, layout.holder.address].map((path) => valueAt(forms, row.id, path)),
      );
      const office = await db('office').where({ code: row.office }).first('name', 'profile');
      const approved = await buildAnnexes(forms, of.release.package, row.id, layout);
      const before = reserved.before ? await findCertificate(db, reserved.before) : undefined;
      const data: CertificateData = {
        kind: layout.kind,
        kindTitle: declOf(of).title.zh,
        number: reserved.number,
        version: reserved.version,
        holder: { name, uscc, address },
        authority: office.name,
        issuedOn: reserved.issuedOn,
        validFrom: reserved.issuedOn,
        validTo: reserved.validTo,
        annexes: before ? mergeAnnexes(before.data.annexes, approved, layout) : approved,
      };
      const digest = await certificateDigest(data);
      const url = `${core.settings.publicUrl}/v/${reserved.number}/${reserved.version}/${reserved.token}`;
      const pdf = await deps.render(data, { digest, url });
      const reason = `${declOf(of).title.zh} ${reserved.number}`;
      const sealed = await deps.seal(pdf, {
        owner: { office: row.office },
        name: office.name,
        reason,
        location: office.profile.address ?? '',
        at: time.now(),
      });
      return { data, digest, fileHash: (await core.files.put(sealed)).hash };
    },

    async issue(trx, of, reserved, made) {
      const at = time.now();
      if (!(await trx('certificate').where({ id: reserved.id, state: 'reserved' }).forUpdate().first('id'))) return;
      if (reserved.before) await supersede(trx, of, reserved);
      else await deps.numbers.use(trx, declOf(of).numberRule!, reserved.ref);
      await markIssued(trx, reserved.id, { ...made, at });
      const kind = reserved.before ? 'extended' : 'issued';
      await addEvent(trx, { certificateId: reserved.id, kind, at, caseId: of.case.id });
      await deps.audit.write(trx, {
        caseId: of.case.id,
        action: `certificate.${kind}`,
        detail: {
          title: declOf(of).title.zh,
          number: reserved.number,
          version: reserved.version,
          digest: made.digest,
          validTo: reserved.validTo,
          ...(declOf(of).basis && { article: declOf(of).basis }),
        },
      });
    },

    voidReserved: voidReservedOf,

    async list(caseId, who) {
      const today = shanghaiDay(time.now());
      const found = await certificatesOfCase(db, caseId);
      return Promise.all(
        found.map(async (row) => ({
          id: row.id,
          number: row.number,
          version: row.version,
          state: stateOf(row, today),
          validTo: row.valid_to,
          href: `/api/v1/certificates/${row.id}/file`,
          publicHref: `/v/${row.number}/${row.version}/${row.token}`,
          unopened: await unopenedBy(db, who, row),
        })),
      );
    },
  };

  async function drawNumber(
    trx: Knex.Transaction,
    of: CertificateOf,
    layout: CertificateLayout,
    { ref, issuedOn }: { ref: string; issuedOn: string },
  ): Promise<string> {
    const { case: row } = of;
    const office = await trx('office').where({ code: row.office }).first('division', 'profile');
    const forms = await deps.forms.whole(row.id);
    const parts = await Promise.all(
      Object.entries(layout.number).map(async ([part, path]) => [part, await valueAt(forms, row.id, path)]),
    );
    return deps.numbers.draw(trx, {
      rule: declOf(of).numberRule!,
      scope: {
        year: issuedOn.slice(0, 4),
        office: row.office,
        'office.code': office.profile.code ?? '',
        authority: codes[`${office.division.slice(0, 2)}0000`] ?? '',
        ...Object.fromEntries(parts),
      },
      ref,
      caseId: row.id,
    });
  }

  /** The certificate that the case is about, else the one of its kind that the subject has. */
  async function inForce(trx: Knex.Transaction, row: CaseRow, kind: string): Promise<CertificateRow> {
    const about = row.certificate_id && (await findCertificate(trx, row.certificate_id));
    const number = about && about.number;
    const found: CertificateRow[] = await trx('certificate')
      .where({ kind, state: 'valid', institution_id: row.subject_id })
      .modify((query) => number && query.where({ number }));
    const today = shanghaiDay(time.now());
    const valid = found.filter((one) => stateOf(one, today) === 'valid');
    if (valid.length !== 1) throw new RangeError(`${valid.length} certificates in force to extend, not one`);
    return valid[0]!;
  }

  async function nextVersion(trx: Knex.Transaction, { kind, number }: CertificateRow): Promise<number> {
    const { last } = (await trx('certificate').where({ kind, number }).max('version as last').first())!;
    return Number(last) + 1;
  }

  /** One version of a number is in force: the one before has to be so until this moment. */
  async function supersede(trx: Knex.Transaction, of: CertificateOf, { before, number }: ReservedCertificate) {
    const changed = await trx('certificate')
      .where({ id: before, state: 'valid' })
      .update({ state: 'superseded', edits: trx.raw('edits + 1') });
    if (changed === 0) throw new RangeError(`certificate ${number} is no longer in force and cannot be extended`);
    await addEvent(trx, { certificateId: before!, kind: 'superseded', at: time.now(), caseId: of.case.id });
  }

  async function layoutOf({ release, kind }: CertificateOf): Promise<CertificateLayout> {
    const { template } = declOf({ release, kind });
    if (!template) throw new RangeError(`the certificate ${kind} has no layout`);
    return CertificateLayout.parse(JSON.parse((await deps.template(release, template)).toString('utf8')));
  }
}

function declOf({ release, kind }: Pick<CertificateOf, 'release' | 'kind'>) {
  const decl = release.package.documents[kind];
  if (decl?.kind !== 'certificate') throw new RangeError(`${kind} is no certificate of ${release.flow}`);
  return decl;
}
