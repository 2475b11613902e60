import type { Knex } from 'knex';
import type { DocumentDecl, Release } from '../../../contracts/flow.ts';
import type { Audit } from '../audit/index.ts';
import { shanghaiDay, type Core } from '../core/index.ts';
import type { CaseRow } from '../engine/index.ts';
import type { WholeForms } from '../forms/index.ts';
import type { Numbers } from '../numbers/index.ts';
import { buildData, type Printed, type TemplateData } from './data.ts';
import { unprintableProblem } from './letters.ts';
import { loadPictures } from './pictures/load.ts';
import type { Pictures } from './pictures/module.ts';
import {
  currentDocument,
  finishRow,
  reserveRow,
  supersede,
  voidRows,
  type DocumentRow,
} from './documents.repository.ts';

export interface DocumentDeps {
  audit: Pick<Audit, 'write'>;
  numbers: Pick<Numbers, 'draw' | 'use' | 'voidNumber'>;
  forms: WholeForms;
  /** A file of the release below `templates/`. */
  template(release: Release, path: string): Promise<Buffer>;
  fill(template: Buffer, data: TemplateData, pictures: Pictures): Promise<Buffer>;
  /** The letters of a filled file that no font of documents has. */
  lettersLacking(docx: Buffer): string[];
  /** Word to PDF. */
  pdf(docx: Buffer): Promise<Buffer>;
  seal(pdf: Buffer, of: SealOf): Promise<Buffer>;
}

/** Who seals and signs, by the name of the day. */
export interface SealOf {
  owner: { office: string } | { institution: string };
  name: string;
  reason: string;
  location: string;
  at: Date;
}

export interface DocumentOf {
  case: CaseRow;
  release: Release;
  step: string;
  visit: number;
  /** Id in `documents.json`. */
  kind: string;
}

/** A document with its number, before it is made; kept with the work's receipt. */
export interface ReservedDocument {
  id: string;
  kind: string;
  number: string | null;
  ref: string;
  /** Day that stands on it. */
  on: string;
}

export interface MadeDocument {
  data: TemplateData;
  fileHash: string;
  signedHash: string | null;
}

export interface Documents {
  /** Draws the number; with `replace`, what an earlier visit left unfinished becomes void. Asked again, the same. */
  reserve(trx: Knex.Transaction, of: DocumentOf, ref: string, effect?: 'replace'): Promise<ReservedDocument>;
  /** Fills, prints, seals and stores it; slow, outside of transactions. */
  make(of: DocumentOf, reserved: ReservedDocument, service?: Printed): Promise<MadeDocument>;
  /** Puts it into the file; with `replace` in place of what earlier visits of the step made. */
  finish(
    trx: Knex.Transaction,
    of: DocumentOf,
    reserved: ReservedDocument,
    made: MadeDocument,
    effect?: 'replace',
  ): Promise<void>;
  /** What was reserved will not be finished: it becomes void with its number. */
  abandon(trx: Knex.Transaction, of: DocumentOf, reserved: ReservedDocument, reason: string): Promise<void>;
  /**
   * Files a PDF that was made before or elsewhere, in place of an earlier one of the step: the sealed application book,
   * a certificate. Asked again, the same.
   */
  file(
    trx: Knex.Transaction,
    of: DocumentOf,
    given: { ref: string; number: string | null; signedHash: string; by?: string },
  ): Promise<string>;
  /** A document without a number, from the forms of a case or draft; sealed where the institution is named. */
  render(
    release: Release,
    kind: string,
    of: { owner: string; seal?: { institution: string; name: string } },
  ): Promise<Buffer>;
  /** Makes void what a case reserved and never finished; its numbers are made void with the case's other ones. */
  voidReserved(trx: Knex.Transaction, caseId: string): Promise<void>;
  current(caseId: string, kind: string): Promise<DocumentRow | undefined>;
}

export function createDocumentService(core: Core, deps: DocumentDeps): Documents {
  const { db, time } = core;

  return {
    async reserve(trx, of, ref, effect) {
      const decl = declOf(of.release, of.kind);
      const place = { caseId: of.case.id, step: of.step, kind: of.kind };
      if (effect === 'replace')
        await voidLeft(trx, of.release, { ...place, exceptVisit: of.visit }, '环节重新办理，原编号未使用');
      const on = shanghaiDay(time.now());
      const number = decl.numberRule ? await draw(trx, of, decl.numberRule, ref, on) : null;
      const id = await reserveRow(trx, { ...place, visit: of.visit, title: decl.title.zh, number, ref });
      return { id, kind: of.kind, number, ref, on };
    },

    async make(of, reserved, service) {
      const { release, case: row } = of;
      const decl = declOf(release, of.kind);
      const given = { release, owner: row.id, case: row, office: row.office, decl, ...reserved };
      const data = await buildData(core, deps.forms, { ...given, ...(service && { service }) });
      const pdf = await print(release, of.kind, data);
      const fileHash = (await core.files.put(pdf)).hash;
      const reason = [decl.title.zh, reserved.number].filter(Boolean).join(' ');
      const sealed =
        decl.seal === 'none'
          ? null
          : await deps.seal(pdf, {
              ...(decl.seal === 'office'
                ? { owner: { office: row.office }, name: data.office.name }
                : { owner: { institution: row.institution_id ?? row.starter }, name: row.subject_name }),
              reason,
              location: data.office.address,
              at: time.now(),
            });
      return { data, fileHash, signedHash: sealed && (await core.files.put(sealed)).hash };
    },

    async finish(trx, of, reserved, made, effect) {
      const { numberRule, basis } = declOf(of.release, of.kind);
      const at = time.now();
      if (!(await finishRow(trx, reserved.id, { ...made, at }))) return;
      if (numberRule) await deps.numbers.use(trx, numberRule, reserved.ref);
      await record(trx, of, made.signedHash ? 'document.sealed' : 'document.made', reserved.number, {
        hash: made.signedHash ?? made.fileHash,
        ...(basis && { article: basis }),
      });
      if (effect !== 'replace') return;
      for (const old of await supersede(trx, reserved.id, { caseId: of.case.id, step: of.step, kind: of.kind }))
        await record(trx, of, 'document.superseded', old.number, {});
    },

    async abandon(trx, of, { id, ref }, reason) {
      await trx('document').where({ id, state: 'reserved' }).update({ state: 'void' });
      const { numberRule } = declOf(of.release, of.kind);
      if (numberRule) await deps.numbers.voidNumber(trx, numberRule, ref, reason);
    },

    async file(trx, of, { ref, number, signedHash, by }) {
      const { title } = declOf(of.release, of.kind);
      const { step, visit, kind } = of;
      const id = await reserveRow(trx, { caseId: of.case.id, step, visit, kind, title: title.zh, number, ref });
      const given = { data: {}, fileHash: signedHash, signedHash, at: time.now(), ...(by && { by }) };
      if (await finishRow(trx, id, given))
        for (const old of await supersede(trx, id, { caseId: of.case.id, step, kind }))
          await record(trx, of, 'document.superseded', old.number, {});
      return id;
    },

    async render(release, kind, { owner, seal }) {
      const decl = declOf(release, kind);
      const on = shanghaiDay(time.now());
      const of = { release, owner, case: null, office: core.settings.rootOffice, decl, number: null, on };
      const pdf = await print(release, kind, await buildData(core, deps.forms, of));
      if (!seal) return pdf;
      const { institution, name } = seal;
      return deps.seal(pdf, { owner: { institution }, name, reason: decl.title.zh, location: '', at: time.now() });
    },

    async voidReserved(trx, caseId) {
      await voidRows(trx, { caseId });
    },

    current: (caseId, kind) => currentDocument(db, caseId, kind),
  };

  async function print(release: Release, kind: string, data: TemplateData): Promise<Buffer> {
    const decl = declOf(release, kind);
    if (decl.kind !== 'document') throw new RangeError(`${kind} is not made from a Word template`);
    const { template } = decl;
    const bytes = await deps.template(release, template);
    const docx = await deps.fill(
      bytes,
      data,
      await loadPictures(core, { template: bytes, data, flow: release.package }),
    );
    const lacking = deps.lettersLacking(docx);
    if (lacking.length > 0) throw unprintableProblem(lacking, data, release.package);
    return deps.pdf(docx);
  }

  async function draw(trx: Knex.Transaction, of: DocumentOf, rule: string, ref: string, on: string): Promise<string> {
    const office = await trx('office').where({ code: of.case.office }).first('short_name', 'profile');
    return deps.numbers.draw(trx, {
      rule,
      scope: {
        year: on.slice(0, 4),
        office: of.case.office,
        'office.code': office.profile.code ?? office.short_name,
      },
      ref,
      caseId: of.case.id,
    });
  }

  async function voidLeft(
    trx: Knex.Transaction,
    release: Release,
    place: Parameters<typeof voidRows>[1],
    reason: string,
  ): Promise<void> {
    for (const left of await voidRows(trx, place)) {
      const rule = release.package.documents[left.kind]?.numberRule;
      if (rule && left.ref) await deps.numbers.voidNumber(trx, rule, left.ref, reason);
    }
  }

  async function record(
    trx: Knex.Transaction,
    of: DocumentOf,
    action: string,
    number: string | null,
    detail: Record<string, unknown>,
  ): Promise<void> {
    await deps.audit.write(trx, {
      caseId: of.case.id,
      action,
      step: of.step,
      visit: of.visit,
      detail: { title: declOf(of.release, of.kind).title.zh, ...(number && { number }), ...detail },
    });
  }
}

function declOf(release: Release, kind: string): DocumentDecl {
  const decl = release.package.documents[kind];
  if (!decl) throw new RangeError(`${release.flow} has no document ${kind}`);
  return decl;
}
