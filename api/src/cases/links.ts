/** Cases that start other cases, and what the flow of one tells the others (PLT-4.1). */
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { Release } from '../../../contracts/flow.ts';
import type { Audit } from '../audit/index.ts';
import type { Core } from '../core/index.ts';
import type { CaseRow } from '../engine/index.ts';
import type { Moves } from '../moves/index.ts';
import { partyOf, type OpenCase } from './open.ts';

export interface FollowUp {
  /** The case whose step starts it. */
  from: CaseRow;
  step: string;
  visit: number;
  release: Release;
  /** Entry of the flow's register whom it is about. */
  subjectId: string | null;
  /** Fields of the flow's form, over what the register fills in. */
  values: Record<string, unknown>;
}

export interface Links {
  /** Writes a case of its own with its number; the workers start it. @throws open-case-exists, no-office */
  start(trx: Knex.Transaction, followUp: FollowUp): Promise<{ caseId: string; number: string }>;
  /** Cases that this one started or was started by, that are not closed; locked, in order of their ids. */
  open(trx: Knex.Transaction, caseId: string): Promise<CaseRow[]>;
  /** Takes the exit of a linked case; the move is planned on the tree that it meets. @throws RangeError without this exit */
  exit(trx: Knex.Transaction, row: CaseRow, told: { exit: string; from: CaseRow }): Promise<void>;
}

export interface LinkDeps {
  open: OpenCase;
  moves: Pick<Moves, 'requestExit'>;
  audit: Pick<Audit, 'write'>;
  release(id: string): Promise<Release>;
  forms: {
    open(
      trx: Knex.Transaction,
      opening: { owner: string; form: string; release: Release; subject?: { register: string; id: string } },
    ): Promise<void>;
    propose(
      trx: Knex.Transaction,
      proposal: {
        owner: string;
        form: string;
        release: Release;
        values: Record<string, unknown>;
        source: { zh: string; en: string };
      },
    ): Promise<void>;
    close(trx: Knex.Transaction, closing: { owner: string; form: string; by: null; at: Date }): Promise<number>;
  };
}

export function createLinks({ time }: Pick<Core, 'time'>, deps: LinkDeps): Links {
  return {
    async start(trx, { from, step, visit, release, subjectId, values }) {
      const { flow } = release.package;
      const id = randomUUID();
      const at = time.now();
      const place = { owner: id, form: flow.form };
      const subject = subjectId ? { register: flow.subject.register, id: subjectId } : undefined;
      await deps.forms.open(trx, { ...place, release, ...(subject && { subject }) });
      const source = { zh: `办件 ${from.number}`, en: `Case ${from.number}` };
      await deps.forms.propose(trx, { ...place, release, values, source });
      await deps.forms.close(trx, { ...place, by: null, at });
      const filled = await trx('form_version')
        .where({ ...place })
        .first('data');
      const starter = await trx('person').where({ id: from.starter }).first('name');
      const { number, title } = await deps.open(trx, {
        ...{ id, release, subjectId, office: from.office, data: filled.data },
        starter: { personId: from.starter, name: starter?.name ?? '' },
        institutionId: partyOf(release, subjectId),
      });
      await trx('case_link').insert({ case_id: from.id, started: id, step, at });
      const detail = { number, title, flow: flow.id };
      await deps.audit.write(trx, { caseId: from.id, action: 'case.started-other', step, visit, detail });
      await deps.audit.write(trx, {
        caseId: id,
        action: 'case.started-by',
        detail: { number: from.number, title: from.title },
      });
      return { caseId: id, number };
    },

    open: (trx, caseId) =>
      trx('case').whereIn('id', linkedTo(trx, caseId)).whereNot({ state: 'closed' }).orderBy('id').forUpdate(),

    async exit(trx, row, { exit, from }) {
      const { package: flow } = await deps.release(row.release_id);
      const step = Object.values(flow.steps).find((one) => one.exit === exit);
      if (!step) throw new RangeError(`the flow ${row.flow} of case ${row.number} has no exit ${exit}`);
      const reason = `办件 ${from.number}「${from.title}」要求`;
      await deps.moves.requestExit(trx, row, { step: step.id, reason });
      await deps.audit.write(trx, {
        caseId: row.id,
        action: 'case.told',
        detail: { number: from.number, title: step.name.zh, reason },
      });
    },
  };
}

/** Ids of the cases that one started or was started by. */
export function linkedTo(db: Knex, caseId: string): Knex.QueryBuilder {
  return db('case_link')
    .where({ case_id: caseId })
    .select('started as id')
    .unionAll(db('case_link').where({ started: caseId }).select('case_id as id'));
}
