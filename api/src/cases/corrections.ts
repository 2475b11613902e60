/**
 * The answer to a task that a return started for correction. The same answer as before goes straight back to where the
 * case was sent from; another answer, or a case that has moved on, is replayed step by step, and so it is where the task
 * ends without an answer (RULES, Straight back).
 */
import type { Knex } from 'knex';
import type { Release } from '../../../contracts/flow.ts';
import type { Core } from '../core/index.ts';
import type { CaseRow, EventReader } from '../engine/index.ts';
import { clearing, MoveRefused, movesThatEnded, type MovePlan, type MoveRow, type Moves } from '../moves/index.ts';
import type { Correct, Correction, TaskRow } from '../tasks/index.ts';
import { finishedSince, undoneAnswers, voidAnswers, type Since } from './history.ts';

export function createCorrections({ db }: Pick<Core, 'db'>, { moves }: { moves: Moves }): Correct {
  return async (row, release, task) => {
    const back = await pendingReturn(db, task.id);
    if (!back) return null;
    const since = await finishedSince(db, row.id, task.step);
    const plan = await straight(row, release, task, back);
    if (!plan || !since) return () => replayed(task, release, back, since);
    const answers = await undoneAnswers(db, row.id, { plan: back.plan, since: since.at });
    const before = Object.fromEntries(answers.map(({ step, outcome }) => [`${step}_outcome`, outcome]));
    return (outcome) => (outcome === since.outcome ? sent(back, plan, before) : replayed(task, release, back, since));
  };

  /** `before`: the outcomes that the return cleared. */
  function sent(back: MoveRow, plan: MovePlan, before: Record<string, string>): Correction {
    return {
      set: before,
      decided: () => Promise.resolve(),
      async send(trx, row, { id, by: actor, at, set }) {
        const asked = { plan: { ...plan, set }, actor, reason: back.reason ?? '', at };
        const { moveId, commandId } = await moves.request(trx, row, asked);
        // The move cancels the task instead of completing it, so the trigger on its end does not acknowledge.
        await trx('decision')
          .where({ id })
          .update({ state: 'done', detail: trx.raw(`detail || jsonb_build_object('move', ?::text)`, [moveId]) });
        return commandId;
      },
    };
  }

  function replayed(task: TaskRow, release: Release, { id: moveId, plan }: MoveRow, since: Since | null): Correction {
    return {
      set: clearing(release.package.graph, plan.undone),
      async decided(trx) {
        if (since) await voidAnswers(trx, task.case_id, { moveId, plan, since: since.at, except: task.id });
      },
    };
  }

  async function straight(row: CaseRow, release: Release, task: TaskRow, back: MoveRow): Promise<MovePlan | null> {
    const visit = await db('step_visit').where({ task_id: task.id }).first('act_inst');
    if (!visit) return null;
    try {
      const request = { kind: 'straight-back' as const, from: visit.act_inst as string, back: back.plan };
      return await moves.plan(row, release, request);
    } catch (error) {
      if (error instanceof MoveRefused) return null;
      throw error;
    }
  }
}

/** A corrected step that a timer or an error ended goes no way back: what the return undid is void then. */
export function createLapsedCorrections(): EventReader {
  return async (trx, { case: row, changes, closed }) => {
    if (closed) return;
    for (const { kind, how, step, taskId } of changes) {
      if (kind !== 'left' || how !== 'cancelled' || !taskId) continue;
      const back = await pendingReturn(trx, taskId);
      // A move knows itself what it makes void.
      if (!back || (await movesThatEnded(trx, taskId).first('m.id'))) continue;
      const since = await finishedSince(trx, row.id, step);
      if (since) await voidAnswers(trx, row.id, { moveId: back.id, plan: back.plan, since: since.at });
    }
  };
}

/** The return that started a task for correction and waits to go straight back. */
async function pendingReturn(db: Knex, taskId: string): Promise<MoveRow | undefined> {
  const back: MoveRow | undefined = await db('move')
    .where({ started_task: taskId, kind: 'return', state: 'done' })
    .first();
  return back?.plan.mode === 'straight-back' ? back : undefined;
}
