import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Knex } from 'knex';
import type { CaseView } from '../../../contracts/api/index.ts';
import { certificateDigest, type CertificateData } from '../../../contracts/certificate.ts';
import { addMonths, dayNumber, dayText } from '../../../contracts/days.ts';
import type { Release } from '../../../contracts/flow.ts';
import { parseLimit } from '../../../contracts/limits.ts';
import type { Audit } from '../audit/index.ts';
import { shanghaiDay, type Core } from '../core/index.ts';
import type { SealOf } from '../documents/index.ts';
import type { CaseRow } from '../engine/index.ts';
import type { CaseForms } from '../forms/index.ts';
import type { Numbers } from '../numbers/index.ts';
import {
  addEvent,
  certificatesOfCase,
  insertReserved,
  markIssued,
  voidReservedOf,
  type CertificateRow,
  type StoredState,
} from './certificates.repository.ts';
import { buildAnnexes, CertificateLayout, valueAt } from './layout.ts';

export interface CertificateDeps {
  audit: Pick<Audit, 'write'>;
  numbers: Pick<Numbers, 'draw' | 'use'>;
  forms: CaseForms;
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
}

export interface MadeCertificate {
  data: CertificateData;
  digest: string;
  fileHash: string;
}

export interface Certificates {
  /**
   * Draws the number and fixes the days: valid from the day of issue to the day before the corresponding one.
   * @throws RangeError where the forms lack what the number needs
   */
  reserve(trx: Knex.Transaction, of: CertificateOf, ref: string): Promise<ReservedCertificate>;
  /** Draws, seals and stores it; slow, outside of transactions. The same certificate each time but for the signature. */
  make(of: CertificateOf, reserved: ReservedCertificate): Promise<MadeCertificate>;
  /** Puts it in force. */
  issue(trx: Knex.Transaction, of: CertificateOf, reserved: ReservedCertificate, made: MadeCertificate): Promise<void>;
  /** Makes void what a case reserved and never issued. */
  voidReserved(trx: Knex.Transaction, caseId: string): Promise<void>;
  /** Certificates of a case with their state today, newest last. */
  list(caseId: string): Promise<CaseView['certificates']>;
}

export type CertificateState = Exclude<StoredState, 'reserved' | 'void'> | 'expired';

const AUTHORITIES = new URL('../../data/certificate-authorities.json', import.meta.url);
const TOKEN = { letters: 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789', length: 10 };

/** The state on a day: expiry is computed when read, nothing has to run at midnight. */
export function stateOf(row: Pick<CertificateRow, 'state' | 'valid_to'>, today: string): CertificateState {
  const over = today > row.valid_to && (row.state === 'valid' || row.state === 'suspended');
  return over ? 'expired' : (row.state as CertificateState);
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
      if (!row.institution_id) throw new RangeError('a certificate needs an institution as its holder');
      const { holder } = layout;
      const office = await trx('office').where({ code: row.office }).first('division', 'profile');
      const issuedOn = shanghaiDay(time.now());
      const parts = await Promise.all(
        Object.entries(layout.number).map(async ([part, path]) => [part, await valueAt(deps.forms, row.id, path)]),
      );
      const [holderName, holderUscc] = await Promise.all(
        [holder.name, holder.uscc].map((path) => valueAt(deps.forms, row.id, path)),
      );
      const number = await deps.numbers.draw(trx, {
        rule: decl.numberRule!,
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
      const token = Array.from({ length: TOKEN.length }, () => TOKEN.letters[randomInt(TOKEN.letters.length)]).join('');
      const validTo = validUntil(issuedOn, decl.validity);
      const id = await insertReserved(trx, {
        number,
        version: 1,
        kind: layout.kind,
        institution_id: row.institution_id,
        holder_name: holderName,
        holder_uscc: holderUscc,
        case_id: row.id,
        token,
        valid_from: issuedOn,
        valid_to: validTo,
      });
      return { id, number, version: 1, token, ref, issuedOn, validTo };
    },

    async make(of, reserved) {
      const layout = await layoutOf(of);
      const { case: row } = of;
      const [name, uscc, address] = await Promise.all(
        [layout.holder.name, layout.holder.uscc, layout.holder.address].map((path) =>
          valueAt(deps.forms, row.id, path),
        ),
      );
      const office = await db('office').where({ code: row.office }).first('name', 'profile');
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
        annexes: await buildAnnexes(deps.forms, of.release.package, row.id, layout),
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
      if (!(await markIssued(trx, reserved.id, { ...made, at }))) return;
      await deps.numbers.use(trx, declOf(of).numberRule!, reserved.ref);
      await addEvent(trx, { certificateId: reserved.id, kind: 'issued', at, caseId: of.case.id });
      await deps.audit.write(trx, {
        caseId: of.case.id,
        action: 'certificate.issued',
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

    async list(caseId) {
      const today = shanghaiDay(time.now());
      return (await certificatesOfCase(db, caseId)).map((row) => ({
        id: row.id,
        number: row.number,
        version: row.version,
        state: stateOf(row, today),
        validTo: row.valid_to,
        href: `/api/v1/certificates/${row.id}/file`,
        publicHref: `/v/${row.number}/${row.version}/${row.token}`,
      }));
    },
  };

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
