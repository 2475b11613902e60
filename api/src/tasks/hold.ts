/** Who has a task: claim, release, what somebody typed so far. Transactions of ours; the engine is not asked. */
import type { Knex } from 'knex';
import type { OpinionBody } from '../../../contracts/api/index.ts';
import type { Release } from '../../../contracts/flow.ts';
import type { Actor, Audit } from '../audit/index.ts';
import type { Core, Who } from '../core/index.ts';
import { notFound, staleWrite } from '../core/index.ts';
import type { CaseRow } from '../engine/index.ts';
import { caseMoving, isMoving } from '../moves/index.ts';
import type { Exclusions } from '../rights/index.ts';
import { heldProblem } from './held.ts';
import { delegated, excluded, heldByOther, notNow, notYours, taskDeciding, taskEnded } from './problems.ts';
import { groupsOfTask, type TaskRow } from './rows.ts';
import { signsOf, whyAwaited } from './signs.rows.ts';
import { exclusionOf, mayAct, turnOn, turnsOf, type Turn } from './turn.ts';

export interface Hold {
  claim(who: Who, taskId: string): Promise<{ version: number }>;
  release(who: Who, taskId: string): Promise<{ version: number }>;
  seen(who: Who, taskId: string): Promise<void>;
  /** Throws `stale` with both texts where another device saved one meanwhile. */
  saveOpinion(who: Who, taskId: string, typed: OpinionBody): Promise<{ savedAt: string }>;
}

export interface HoldDeps {
  audit: Audit;
  exclusions: Pick<Exclusions, 'of'>;
  release(id: string): Promise<Release>;
}

export function createHold(core: Core, deps: HoldDeps): Hold {
  const { db } = core;

  async function change(who: Who, taskId: string, action: 'task.claim' | 'task.release'): Promise<{ version: number }> {
    return db.transaction(async (trx) => {
      // Lock order: case, then task; shared, it keeps moves away.
      const row: CaseRow | undefined = await trx('case')
        .where('id', trx('task').where({ id: taskId }).select('case_id'))
        .forShare()
        .first();
      if (!row) throw notFound();
      const task: TaskRow = await trx('task').where({ id: taskId }).forUpdate().first();
      if (task.ended_at) throw taskEnded();
      if (isMoving(row)) throw caseMoving({ retryAfter: 2 });
      if (task.state === 'deciding') throw taskDeciding();
      if (task.state === 'held') throw await heldProblem(trx, task.id, who.personId);
      const turn = turnOn(who, row, task, await groupsOfTask(trx, taskId));
      if (!turn) throw notYours();
      if (task.holder && task.holder !== turn.as.personId) {
        const by = await trx('person').where({ id: task.holder }).first('name');
        throw heldByOther(by && { zh: `${by.name}已签收这项待办`, en: `Taken by ${by.name}`, facts: { by: by.name } });
      }
      if (task.owner) throw delegated();
      const awaited = action === 'task.release' && (await whyAwaited(trx, taskId));
      if (awaited) throw notNow(awaited);
      const holder = action === 'task.claim' ? turn.as.personId : null;
      if (task.holder === holder) return { version: task.version };
      if (holder) await mayHold(trx, row, task, who, turn);
      await trx('task')
        .where({ id: taskId })
        .update({ holder, version: task.version + 1 });
      await deps.audit.write(trx, {
        caseId: task.case_id,
        personId: who.personId,
        onBehalfOf: turn.for?.id,
        action,
        step: task.step,
        visit: task.visit ?? undefined,
        detail: { stepName: task.name },
      });
      return { version: task.version + 1 };
    });
  }

  /** Somebody who may not decide may not claim; where several answer, nobody has the task alone; an applicant's is theirs. */
  async function mayHold(trx: Knex.Transaction, row: CaseRow, task: TaskRow, { kind }: Who, turn: Turn): Promise<void> {
    if (kind === 'applicant') throw notNow({ zh: '您的待办不用签收', en: 'A task of your own needs no claim' });
    const { steps } = (await deps.release(row.release_id)).package;
    const step = steps[task.step];
    if (!step) throw notFound();
    if (step.quorum)
      throw notNow({ zh: '这一步由多方提出意见，不用签收', en: 'Several answer here; nobody claims it' });
    const exclusion = await exclusionOf(deps.exclusions, trx, { row, step, steps }, turn);
    if (exclusion) throw excluded(exclusion);
  }

  async function offered(who: Who, taskId: string): Promise<boolean> {
    const row: CaseRow | undefined = await db('case as c')
      .join('task as t', 't.case_id', 'c.id')
      .where('t.id', taskId)
      .first('c.*');
    if (!row) return false;
    if (mayAct(who, row, await groupsOfTask(db, taskId))) return true;
    const people = turnsOf(who, row).map((turn) => turn.as.personId);
    return (await signsOf(db, taskId)).some((sign) => sign.state === 'open' && people.includes(sign.person_id));
  }

  return {
    claim: (who, taskId) => change(who, taskId, 'task.claim'),
    release: (who, taskId) => change(who, taskId, 'task.release'),

    async seen(who, taskId) {
      if (!(await offered(who, taskId))) throw notFound();
      const seen = { seen_at: core.time.now(), seen_by: who.personId };
      await db('task').where({ id: taskId }).whereNull('seen_at').update(seen);
    },

    async saveOpinion(who, taskId, { opinion, seen }) {
      const task: TaskRow | undefined = await db('task').where({ id: taskId }).first();
      if (!task || !(await offered(who, taskId))) throw task?.ended_at ? taskEnded() : notFound();
      const savedAt = core.time.now();
      const of = { task_id: taskId, person_id: who.personId };
      const written = await db('opinion_draft')
        .insert({ ...of, opinion, saved_at: savedAt })
        .onConflict(['task_id', 'person_id'])
        .merge()
        .whereRaw('opinion_draft.saved_at = ?::timestamptz or opinion_draft.opinion = excluded.opinion', [seen])
        .returning('task_id');
      if (written.length === 0) {
        const now = await db('opinion_draft').where(of).first('opinion', 'saved_at');
        throw staleWrite({ seen: now?.saved_at.toISOString() ?? null, theirs: now?.opinion ?? '', yours: opinion });
      }
      return { savedAt: savedAt.toISOString() };
    },
  };
}

/** Open tasks that a person holds without a group of theirs among the candidates; the same question as `mayTake`. */
const HELD_WITHOUT_RIGHT = `
  select t.* from task t
  where t.holder = ? and t.ended_at is null and t.state = 'open' and not exists (
    select from task_group g
    where g.task_id = t.id and (
      g.grp in (select 'institution:' || entry from representative where person_id = ? and ended_at is null)
      or g.grp in (select 'person:' || id from person where id = t.holder and left_at is null)
      or exists (
        select from role_grant r
        where r.person_id = ? and r.ended_at is null and (
          g.grp = r.role || '@' || r.office
          or r.reach = 'tree' and r.may_take and g.grp = r.role || '@' || r.office || '*'))))
  order by t.id for update of t`;

export type GiveBack = (trx: Knex.Transaction, personId: string, by: Actor) => Promise<void>;

/** Gives back what a person holds and may no longer take, after a role or a representation has ended. */
export function createGiveBack({ audit }: { audit: Pick<Audit, 'write'> }): GiveBack {
  return async (trx, personId, by) => {
    const { rows } = await trx.raw<{ rows: TaskRow[] }>(HELD_WITHOUT_RIGHT, [personId, personId, personId]);
    for (const task of rows) {
      await trx('task')
        .where({ id: task.id })
        .update({ holder: null, owner: null, version: task.version + 1 });
      await audit.write(trx, {
        ...by,
        caseId: task.case_id,
        action: 'task.release',
        step: task.step,
        visit: task.visit ?? undefined,
        detail: { stepName: task.name },
      });
    }
  };
}
