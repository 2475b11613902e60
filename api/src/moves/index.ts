/** Moves of a case: planned over the live tree, shown, then executed while the case is `moving` (architecture 5.11). */
import type { Knex } from 'knex';
import type { Release } from '../../../contracts/flow.ts';
import type { ActivityNode } from '../../../engine-adapters/port/index.ts';
import { EngineError } from '../../../engine-adapters/port/index.ts';
import type { Core } from '../core/index.ts';
import { problemKind } from '../core/index.ts';
import type { CaseRow, CommandRow, Commands, EngineEvent, Verdict } from '../engine/index.ts';
import { judge } from '../engine/index.ts';
import { carriedOut, instructions, planExit, signature, type MovePlan } from './plan.ts';

export type { MovePlan } from './plan.ts';

export const caseMoving = problemKind(
  'case-moving',
  409,
  '这件正在变动流程，稍候再办',
  'The case is being moved; try again shortly',
);
export const decisionsQueued = problemKind(
  'decisions-queued',
  409,
  '这件还有一项决定正在执行，稍候再办',
  'A decision of this case is still being carried out; try again shortly',
);
export const treeChanged = problemKind(
  'tree-changed',
  409,
  '流程刚有变化，看过新的影响再办',
  'The case has moved on meanwhile; look at the new effects first',
);
export const notRunning = problemKind('not-running', 409, '这件没有在办，不能变动', 'The case is not running');

/** How long a move may be under way before whoever comes next looks what became of it. */
const MOVING_SECONDS = 60;

export interface Moves {
  plan(row: CaseRow, release: Release, exit: string): Promise<MovePlan>;
  /** Writes move, flag and command; the caller commits and sends the command. Call with the case row locked for update. */
  request(
    trx: Knex.Transaction,
    commands: Commands,
    row: CaseRow,
    move: { plan: MovePlan; actor: string; taskId?: string; reason: string; at: Date },
  ): Promise<{ moveId: string; commandId: string }>;
  /** Carries out a queued move; used by the commands. */
  send(command: CommandRow): Promise<Verdict>;
  acknowledge(trx: Knex.Transaction, caseId: string, tx: string, group: EngineEvent[]): Promise<Date | null>;
}

export function createMoves(core: Core): Moves {
  const { db, engine, failpoints } = core;

  return {
    async plan(row, release, exit) {
      const tree = await liveTree(row);
      if (!tree) throw notRunning();
      return planExit(release.package.graph, tree, exit);
    },

    async request(trx, commands, row, { plan, actor, taskId, reason, at }) {
      if (row.state !== 'running') throw notRunning();
      if (row.moving && new Date(row.moving.until) > new Date()) throw caseMoving({ retryAfter: 2 });
      const queued = await trx('command')
        .where({ case_id: row.id, kind: 'complete' })
        .whereIn('state', ['held', 'queued'])
        .first('id');
      if (queued) throw decisionsQueued({ retryAfter: 1 });
      const [move] = await trx('move')
        .insert({
          case_id: row.id,
          kind: plan.kind,
          actor,
          task_id: taskId ?? null,
          reason,
          plan: JSON.stringify(plan),
          asked_at: at,
        })
        .returning('id');
      const until = new Date(Date.now() + MOVING_SECONDS * 1000).toISOString();
      await trx('case')
        .where({ id: row.id })
        .update({ moving: JSON.stringify({ move: move.id, until }) });
      const commandId = await commands.add(trx, { caseId: row.id, kind: 'move', payload: { moveId: move.id } });
      return { moveId: move.id, commandId };
    },

    async send(command) {
      const { moveId } = command.payload as { moveId: string };
      const move = await db('move').where({ id: moveId }).first();
      if (move.state !== 'queued') return { is: move.state === 'done' ? 'done' : 'dropped' };
      const plan: MovePlan = move.plan;
      const row: CaseRow = await db('case').where({ id: move.case_id }).first();
      const tree = await liveTree(row).catch((error: EngineError) => error);
      if (tree instanceof EngineError) return judge(command, tree);
      if (!tree) return settle(moveId, row.id, 'overtaken');
      if (carriedOut(plan, tree)) return settle(moveId, row.id, 'done');
      if (signature(tree) !== plan.tree) return settle(moveId, row.id, 'overtaken');
      await failpoints.hit('move.send.before');
      try {
        await engine.move(row.engine_instance_id!, instructions(plan));
      } catch (error) {
        if (!(error instanceof EngineError)) throw error;
        // Something of the plan is gone: the next try compares the tree and finds the move overtaken, or done.
        if (error.kind === 'gone') return { is: 'again', afterMs: 50, error };
        return judge(command, error);
      }
      await failpoints.hit('move.send.after');
      return settle(moveId, row.id, 'done');
    },

    async acknowledge(trx, caseId, tx, group) {
      const moves = await trx('move')
        .where({ case_id: caseId })
        .whereIn('state', ['queued', 'done'])
        .whereNull('tx')
        .orderBy('asked_at');
      const move = moves.find((m) => {
        const plan: MovePlan = m.plan;
        const entered = plan.start.every((s) => group.some((e) => e.kind === 'enter' && e.act_id === s.activityId));
        const ended = plan.cancel
          .filter((c) => !c.transition)
          .every((c) => group.some((e) => e.kind === 'leave' && e.how === 2 && e.act_inst === c.instanceId));
        return entered && ended;
      });
      if (!move) return null;
      await trx('move').where({ id: move.id }).update({ state: 'done', tx, acknowledged_at: core.time.now() });
      await trx('case').where({ id: caseId }).update({ moving: null });
      return move.asked_at;
    },
  };

  /** Null when the instance has ended. */
  async function liveTree(row: CaseRow): Promise<ActivityNode | null> {
    if (row.state !== 'running' || !row.engine_instance_id) return null;
    try {
      return await engine.tree(row.engine_instance_id);
    } catch (error) {
      if (error instanceof EngineError && error.kind === 'gone') return null;
      throw error;
    }
  }

  async function settle(moveId: string, caseId: string, state: 'done' | 'overtaken'): Promise<Verdict> {
    await db.transaction(async (trx) => {
      await trx('case').where({ id: caseId }).update({ moving: null });
      await trx('move').where({ id: moveId, state: 'queued' }).update({ state, acknowledged_at: core.time.now() });
    });
    return { is: state === 'done' ? 'done' : 'dropped' };
  }
}
