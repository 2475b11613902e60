import type { Knex } from 'knex';
import type { CaseView, MaterialItem } from '../../../../../contracts/api/index.ts';
import type { Release } from '../../../../../contracts/flow.ts';
import type { WholeForms } from '../../../forms/index.ts';
import { shanghaiDay, type Core } from '../../../core/index.ts';
import type { CheckFinding } from './check.ts';
import { checks } from './checks/index.ts';

export interface ValidationDeps {
  forms: WholeForms;
  materials: { list(owner: string, release: Release): Promise<MaterialItem[]> };
}

export interface Application {
  /** Case or draft. */
  owner: string;
  release: Release;
  subject: { register: string; id: string } | null;
  /** When it was received; a draft's is now. */
  receivedAt: Date;
}

export interface Finding extends CheckFinding {
  code: string;
  basis: string;
}

export interface Validation {
  /** Runs named checks over an application. @throws RangeError for an unknown name */
  run(names: string[], application: Application): Promise<Finding[]>;
  /** What the last validation of a case found, for the case view. */
  warnings(caseId: string): Promise<CaseView['warnings']>;
  /** Keeps what a visit of a step found. */
  keep(trx: Knex.Transaction, place: { caseId: string; step: string; visit: number }, found: Finding[]): Promise<void>;
}

export function createValidation(core: Core, deps: ValidationDeps): Validation {
  const { db, time } = core;
  return {
    async run(names, { owner, release, subject, receivedAt }) {
      const form = release.package.flow.form;
      const forms = await deps.forms.whole(owner);
      const { data } = await forms.read(owner, form);
      const context = {
        db,
        owner,
        release,
        subject,
        today: shanghaiDay(time.now()),
        appliedOn: shanghaiDay(receivedAt),
        data,
        rows: remembered((table) => forms.rows(owner, form, table)),
        materials: () => deps.materials.list(owner, release),
      };
      const found: Finding[] = [];
      for (const name of names) {
        const check = checks.get(name);
        if (!check) throw new RangeError(`no check ${name}`);
        const { code, basis } = check;
        for (const finding of await check.run(context)) found.push({ code, basis, ...finding });
      }
      return found;
    },

    async warnings(caseId) {
      const rows = await db('case_finding')
        .where({ case_id: caseId })
        .whereIn('visit', db('case_finding').where({ case_id: caseId }).max('visit'))
        .orderBy('id');
      return rows.map(({ code, severity, path, zh, en, basis, related_case }) => ({
        code,
        severity,
        path,
        zh,
        en,
        basis,
        caseId: related_case,
      }));
    },

    async keep(trx, { caseId, step, visit }, found) {
      await trx('case_finding').where({ case_id: caseId, step }).delete();
      if (found.length === 0) return;
      const place = { case_id: caseId, step, visit, at: time.now() };
      await trx.batchInsert(
        'case_finding',
        found.map(({ code, severity, path, zh, en, basis, relatedCase }) => ({
          ...place,
          ...{ code, severity, path, zh, en, basis, related_case: relatedCase ?? null },
        })),
        500,
      );
    },
  };
}

/** Several checks look at the same tables. */
function remembered<T>(read: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (key) => {
    const value = known.get(key) ?? read(key);
    known.set(key, value);
    return value;
  };
}
