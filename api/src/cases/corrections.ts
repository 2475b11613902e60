/**
 * The answer to a task that a return started for correction. The same answer as before goes straight back to where the
 * case was sent from; another answer, or a case that has moved on, is replayed step by step (RULES, Straight back).
 */
import type { Release } from '../../../contracts/flow.ts';
import type { Core } from '../core/index.ts';
import type { CaseRow } from '../engine/index.ts';
import { clearing, MoveRefused, type MovePlan, type MoveRow, type Moves } from '../moves/index.ts';
import type { Correct, Correction, TaskRow } from '../tasks/index.ts';
import { finishedSince, voidAnswers, type Since } from './history.ts';

export function createCorrections({ db }: Pick<Core, 'db'>, { moves }: { moves: Moves }): Correct {
  return async (row, release, task) => {
    const back: MoveRow | undefined = await db('move')
      .where({ started_task: task.id, kind: 'return', state: 'done' })
      .first();
    if (back?.plan.mode !== 'straight-back') return null;
    const since = await finishedSince(db, row.id, task.step);
    const plan = await straight(row, release, task, back);
    return (outcome) => (plan && outcome === since?.outcome ? sent(back, plan) : replayed(task, release, back, since));
  };

  function sent(back: MoveRow, plan: MovePlan): Correction {
    return {
      set: {},
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
