/** Form data of drafts and cases: filled from registers, saved field by field and row by row, checked as a whole. */
import type { Knex } from 'knex';
import type { Finding, MaterialItem } from '../../../contracts/api/index.ts';
import type { Release } from '../../../contracts/flow.ts';
import type { SignatureValue } from '../../../contracts/kinds/index.ts';
import type { Uploads } from '../files/index.ts';
import { stale, type AnyRoute, type Core, type Who } from '../core/index.ts';
import { createCarry, type Carry } from './carry.ts';
import { changesBetween, type Change } from './changes.ts';
import { checkWhole } from './check.ts';
import { formRoutes } from './forms.routes.ts';
import { createChoices, type SearchedRegisters } from './choices.ts';
import { createFieldFiles } from './field-files.ts';
import { createImportJobs, type ImportJobs } from './import-jobs.ts';
import { createTableSheets, type KeepFile } from './import.ts';
import { createPut, type Put } from './put.ts';
import { createOpen, type Opening, type SubjectRegisters } from './open.ts';
import { createPropose, type Proposal } from './propose.ts';
import { allRows } from './rows.repository.ts';
import { createRowsService } from './rows.service.ts';
import { createSave } from './save.ts';
import type { Sessions } from './session.ts';
import type { WholeForms } from './ruled.ts';
import { createSettle } from './settle.ts';
import { closeVersion, lockForm, openVersion, readVersion, writeVersion, type Data } from './versions.ts';
import { readWhole } from './whole.ts';

export { assertOpen, isOpen, type Access, type AccessOf } from './access.ts';
export type { Change } from './changes.ts';
export {
  printed,
  readRulings,
  type CaseForms,
  type FormRow,
  type ReadForms,
  type Ruled,
  type Rulings,
  type WholeForms,
} from './ruled.ts';
export type { SearchedRegisters } from './choices.ts';
export type { SubjectRegisters } from './open.ts';
export {
  createSessions as createFormSessions,
  type Editing,
  type Session,
  type Sessions as FormSessions,
} from './session.ts';
export type { Data, Version } from './versions.ts';

export interface Forms extends Put, Carry, WholeForms {
  /** Makes version 1, filled from the subject's register; does nothing when the form is there. */
  open(trx: Knex.Transaction, opening: Opening): Promise<void>;
  /** Default: the version that is worked on, or the last one. */
  read(
    owner: string,
    form: string,
    version?: number,
  ): Promise<{ version: number; edits: number; data: Data; savedAt: Date | null }>;
  /** All rows of a table, or all that was said in a `row-decisions` field (ids are those of the decided rows). */
  rows(
    owner: string,
    form: string,
    table: string,
    options?: { version?: number },
  ): Promise<{ rowId: string; position: number; data: Data }[]>;
  /** Everything missing or wrong; conditions may read the step and the outcome that is being given. */
  check(owner: string, form: string, step?: string, outcome?: string): Promise<Finding[]>;
  /** Closes the version that is worked on; the next change opens another. Answers its number. */
  close(trx: Knex.Transaction, closing: { owner: string; form: string; by: string | null; at: Date }): Promise<number>;
  /** Fills empty fields with what the product worked out, with its source. */
  propose(trx: Knex.Transaction, proposal: Proposal): Promise<void>;
  /**
   * Puts a signature into its field; what is typed afterwards makes it void. `asOf` is `savedAt` of what was signed.
   * @throws stale when something was changed since
   */
  sign(
    trx: Knex.Transaction,
    signing: { owner: string; form: string; field: string; value: SignatureValue; asOf: Date | null },
  ): Promise<void>;
  changes(owner: string, form: string, fromVersion: number, toVersion: number): Promise<Change[]>;
}

export interface FormsDeps {
  sessions: Sessions;
  registers: SubjectRegisters & SearchedRegisters;
  /** Somebody with the grants of this moment, by login; null for somebody who left. */
  whoIs(login: string): Promise<Who | null>;
  materials: {
    list(owner: string, release: Release, data?: Data): Promise<MaterialItem[]>;
    keep: KeepFile;
    find(id: string): Promise<{ owner: string; form: string; name: string; type: string; hash: string } | null>;
  };
  flows: { get(releaseId: string): Promise<Release> };
  uploads: Uploads;
}

export function createForms(
  core: Core,
  deps: FormsDeps,
): { forms: Forms; routes: AnyRoute[]; imports: Pick<ImportJobs, 'pump'> } {
  const { sessions, registers, materials } = deps;
  const choices = createChoices(core, registers);
  const files = createFieldFiles(core, sessions);
  const settle = createSettle({ choices, files: files.find });
  const sheets = createTableSheets(core, sessions, materials.keep, settle);
  const jobs = createImportJobs(core, { sessions, sheets, whoIs: deps.whoIs });

  async function check(
    release: Release,
    owner: string,
    form: string,
    situation: { step?: string; outcome?: string },
  ): Promise<Finding[]> {
    return checkWhole(core.db, {
      place: { owner, form },
      release,
      form: sessions.compile(release, form),
      context: await sessions.context(situation),
      materials: (data) => materials.list(owner, release, data),
    });
  }

  /** A case may have moved on to a newer release than its draft was made with. */
  async function releaseOf(owner: string): Promise<Release> {
    const row =
      (await core.db('case').where({ id: owner }).first('release_id')) ??
      (await core.db('draft').where({ id: owner }).first('release_id'));
    if (!row) throw new Error(`there is no draft or case ${owner}`);
    return deps.flows.get(row.release_id);
  }

  const forms: Forms = {
    ...createPut(core, sessions),
    ...createCarry(core, sessions),
    open: createOpen(core, sessions, registers),
    async read(owner, form, version) {
      const { edits, data, updatedAt, ...found } = await readVersion(core.db, { owner, form }, version);
      return { version: found.version, edits, data, savedAt: updatedAt };
    },
    async rows(owner, form, table, { version } = {}) {
      const at = version ?? (await readVersion(core.db, { owner, form })).version;
      const rows = await allRows(core.db, { owner, form, table }, at);
      return rows.map((row) => ({ rowId: row.rowId, position: row.number, data: row.data }));
    },
    whole: (owner) => readWhole(core.db, owner),
    async check(owner, form, step, outcome) {
      return check(await releaseOf(owner), owner, form, { step, outcome });
    },
    close: closeVersion,
    async sign(trx, { owner, form, field, value, asOf }) {
      const place = { owner, form };
      await lockForm(trx, place);
      const { updatedAt } = await readVersion(trx, place);
      if (updatedAt?.getTime() !== asOf?.getTime())
        throw stale({ zh: '生成申请书后内容又有改动，重新签章', en: 'Something was changed meanwhile; seal it again' });
      const version = await openVersion(trx, place, core.time.now(), () => Promise.resolve());
      await writeVersion(trx, place, { ...version, data: { ...version.data, [field]: value } });
    },
    propose: createPropose(core, sessions),
    changes: (owner, form, from, to) => changesBetween(core.db, { owner, form }, from, to),
  };

  const routes = formRoutes(core, {
    sessions,
    save: createSave(sessions, settle),
    rows: createRowsService(core, sessions, settle),
    sheets,
    jobs,
    choices,
    files,
    uploads: deps.uploads,
    listMaterials: materials.list,
    findFile: materials.find,
    check: ({ place, access }) =>
      check(access.release, place.owner, place.form, { step: access.mode === 'edit' ? access.step : undefined }),
  });
  return { forms, routes, imports: jobs };
}
