/** What was done in a case since a step was last answered: what a return undoes. */
import type { Knex } from 'knex';
import type { MovePlan } from '../moves/index.ts';

export interface Since {
  /** When the step was last answered; a correction that went straight back goes on from the answer before. */
  at: Date;
  by: string | null;
  outcome: string;
  /** Steps finished since, itself included. */
  steps: string[];
}

/**
 * Null where nobody answered the step, or only visits that are void. `from`: the instance that is sent back; where it is
 * not in the thread of the step, all threads are done again, so it counts from their beginning.
 */
export async function finishedSince(db: Knex, caseId: string, step: string, from?: string): Promise<Since | null> {
  const answers = db('decision as d')
    .leftJoin('step_visit as v', 'v.task_id', 'd.task_id')
    .where({ 'd.case_id': caseId, 'd.step': step, 'd.state': 'done' })
    .whereNull('d.voided_by')
    .orderBy('d.decided_at', 'desc');
  const last = await answers.clone().first('d.person_id', 'd.outcome', 'v.parent');
  if (!last) return null;
  const { decided_at: decidedAt } = await answers.whereRaw(`d.detail->>'move' is null`).first('d.decided_at');
  const at = (from && (await beginOfThreads(db, caseId, last.parent, from))) ?? decidedAt;
  const visited: string[] = await db('step_visit')
    .where({ case_id: caseId, how: 'done' })
    .where('left_at', '>=', at)
    .distinct()
    .pluck('step');
  const answered: string[] = await db('decision')
    .where({ case_id: caseId, state: 'done' })
    .where('decided_at', '>=', at)
    .distinct()
    .pluck('step');
  return {
    at,
    by: last.person_id,
    outcome: last.outcome,
    steps: [...new Set([...visited, ...answered])],
  };
}

/** The body of threads has no visit of its own: what is outermost and no visit is a body, or the process. */
async function beginOfThreads(db: Knex, caseId: string, scope: string | null, from: string): Promise<Date | undefined> {
  const scopes = await around(db, caseId, scope);
  const thread = scopes.at(-2);
  if (!thread || (await around(db, caseId, from)).includes(thread)) return undefined;
  const first = await db('step_visit')
    .where({ case_id: caseId, parent: scopes.at(-1)!, type: 'subProcess' })
    .whereIn('step', db('step_visit').where({ act_inst: thread }).select('step'))
    .orderBy('entered_at')
    .first('entered_at');
  const { engine_instance_id: process } = await db('case').where({ id: caseId }).first('engine_instance_id');
  return scopes.at(-1) === process ? undefined : first?.entered_at;
}

/** Instances of the sub-processes around an instance, innermost first. */
export async function around(db: Knex, caseId: string, instance: string | null): Promise<string[]> {
  const rows: { act_inst: string; parent: string | null }[] = await db('step_visit')
    .where({ case_id: caseId })
    .select('act_inst', 'parent');
  const parents = new Map(rows.map((row) => [row.act_inst, row.parent]));
  const found: string[] = [];
  for (let at = instance; at; at = parents.get(at) ?? null) found.push(at);
  return found;
}

/** Decisions that stand and that the plan undoes, the oldest first. */
export async function undoneAnswers(
  db: Knex,
  caseId: string,
  { plan, since }: { plan: Pick<MovePlan, 'undone' | 'thread'>; since: Date },
): Promise<{ id: string; step: string; outcome: string }[]> {
  return db('decision as d')
    .where({ 'd.case_id': caseId, 'd.state': 'done' })
    .whereNull('d.voided_by')
    .where('d.decided_at', '>=', since)
    .whereIn('d.step', plan.undone)
    .modify(inThread, 'd.task_id', plan.thread)
    .orderBy('d.decided_at')
    .select('d.id', 'd.step', 'd.outcome');
}

/** Only what lies in the thread that lives as this instance; null: all. */
function inThread(rows: Knex.QueryBuilder, taskId: string, thread: string | null): void {
  if (thread === null) return;
  rows.whereRaw(
    `exists (select from step_visit v, step_visit t where v.task_id = ?? and t.act_inst = ?
     and starts_with(v.thread || '/', t.thread || '/'))`,
    [taskId, thread],
  );
}

/** Marks the answers that a replay gives anew, but those in the task `except`; they stay in the file. */
export async function voidAnswers(
  trx: Knex.Transaction,
  caseId: string,
  {
    moveId,
    plan,
    since,
    except,
  }: { moveId: string; plan: Pick<MovePlan, 'undone' | 'thread' | 'cut'>; since: Date; except?: string },
): Promise<void> {
  const decisions = (await undoneAnswers(trx, caseId, { plan, since })).map(({ id }) => id);
  await trx('decision').whereIn('id', decisions).update({ voided_by: moveId });
  const steps = [
    ...plan.undone,
    ...plan.cut.flatMap(function all(cut): string[] {
      return [cut.node, ...cut.inner.flatMap(all)];
    }),
  ];
  await trx('answer')
    .where({ case_id: caseId, state: 'given' })
    .whereNot({ task_id: except ?? '' })
    .where((q) =>
      q
        // The first answers to a step are older than its decision.
        .whereIn('task_id', trx('decision').whereIn('id', decisions).select('task_id'))
        .orWhere((begun) =>
          begun
            .whereIn('step', steps)
            .where('answered_at', '>=', since)
            .modify(inThread, 'answer.task_id', plan.thread),
        ),
    )
    .update({ state: 'void' });
}
