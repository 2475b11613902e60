/** Moves of a case: planned over the live tree, shown, then executed while the case is `moving` (architecture 5.11). */
import type { Knex } from 'knex';
import type { Release } from '../../../contracts/flow.ts';
import type { ActivityNode } from '../../../engine-adapters/port/index.ts';
import { EngineError } from '../../../engine-adapters/port/index.ts';
import type { Core } from '../core/index.ts';
import { notFound, problemKind } from '../core/index.ts';
import type { Audit } from '../audit/index.ts';
import type { CaseRow, CommandRow, Commands, EngineEvent, Verdict } from '../engine/index.ts';
import { judge } from '../engine/index.ts';
import { reachable } from '../flows/index.ts';
import { planMigration, type PlannedMigration } from './migration.ts';
import { doneIn, instructions, planMove, signature, type MovePlan, type MoveRequest } from './plan.ts';

export { takeOver } from './take-over.ts';
export type { PlannedMigration } from './migration.ts';
export { clearing, MoveRefused, namesCancelled, stepsBehind, type MovePlan, type MoveRequest } from './plan.ts';

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
export const moveBlocked = problemKind(
  'move-blocked',
  409,
  '没有办成，已报运维',
  'Not carried out; the operators are told',
);
export const notRunning = problemKind('not-running', 409, '这件没有在办，不能变动', 'The case is not running');

export const partOpen = problemKind('part-open', 409, '这个环节已经在办', 'This part is open already');

/** Whether a move of the case is under way. */
export const isMoving = ({ moving }: Pick<CaseRow, 'moving'>): boolean =>
  moving !== null && new Date(moving.until) > new Date();

/** Moves that were carried out and ended the visit of a task, alone or with what is around it. */
export function movesThatEnded(db: Knex, taskId: string): Knex.QueryBuilder {
  return db('move as m')
    .join('step_visit as v', 'v.case_id', 'm.case_id')
    .where({ 'v.task_id': taskId, 'm.state': 'done' })
    .whereRaw(`jsonb_path_query_array(m.plan, '$.cancel[*].open[*]') @> to_jsonb(v.act_inst)`);
}

/** How long a move may be under way before whoever comes next looks what became of it. */
const MOVING_SECONDS = 60;
/** In a plan: nobody has looked at the live tree yet. */
const UNSEEN = '';

export interface MoveDeps {
  commands(): Pick<Commands, 'add'>;
  audit: Pick<Audit, 'write'>;
  release(id: string): Promise<Release>;
  /** Gives the open tasks of a migrated case the names, candidates, limits and timers of its new release. */
  adopt(trx: Knex.Transaction, row: CaseRow, from: Release, to: Release): Promise<void>;
}

export interface Asked {
  plan: MovePlan;
  actor: string | null;
  /** The actor's own task, if any. */
  taskId?: string;
  reason: string;
  at: Date;
}
export interface Requested {
  moveId: string;
  commandId: string;
}

export interface Moves {
  /** @throws not-running; `MoveRefused` where the model has no such move now */
  plan(row: CaseRow, release: Release, request: MoveRequest): Promise<MovePlan>;
  /** @throws not-running */
  planMigration(row: CaseRow, to: Release): Promise<PlannedMigration>;
  /** Writes move, flag and command; the caller commits and sends the command. Call with the case row locked for update. */
  request(trx: Knex.Transaction, row: CaseRow, move: Asked): Promise<Requested>;
  /**
   * Starts the part that begins with the step `step`, marked `on-demand`, beside the main flow; nothing is cancelled.
   * Writes the audit line too. The caller commits and sends the command, or leaves it to the workers. Locks the case.
   * `by` null: the flow itself.
   * @throws part-open, case-moving, not-running; a RangeError where the flow has no such part
   */
  startPart(
    trx: Knex.Transaction,
    part: { caseId: string; step: string; by: string | null; onBehalfOf?: string | undefined; reason: string },
  ): Promise<Requested>;
  /**
   * Asks for an exit on behalf of a flow: nobody is shown the plan, so it is made on the tree that the move meets.
   * Call with the case row locked for update; the workers send it. @throws case-moving, decisions-queued, not-running
   */
  requestExit(trx: Knex.Transaction, row: CaseRow, asked: { step: string; reason: string }): Promise<Requested>;
  /** Whether a part is open, or about to be. */
  isOpen(db: Knex, row: CaseRow, release: Release, step: string): Promise<boolean>;
  /** What became of a move whose command was sent. @throws tree-changed, move-blocked with the incident's code */
  became(moveId: string): Promise<{ state: 'done' | 'queued' }>;
  /** Carries out a queued move; used by the commands. */
  send(command: CommandRow): Promise<Verdict>;
  acknowledge(trx: Knex.Transaction, caseId: string, tx: string, group: EngineEvent[]): Promise<Date | null>;
  /** Takes back what was written with a move that was not carried out. */
  undo(trx: Knex.Transaction, moveId: string, state: 'overtaken' | 'blocked'): Promise<void>;
}

export interface MoveRow {
  id: string;
  case_id: string;
  kind: MovePlan['kind'];
  actor: string | null;
  task_id: string | null;
  started_task: string | null;
  reason: string | null;
  plan: MovePlan;
  state: 'queued' | 'done' | 'overtaken' | 'blocked';
  asked_at: Date;
  asked_tx: string;
  tx: string | null;
}

export function createMoves(core: Core, deps: MoveDeps): Moves {
  const { db, engine, failpoints } = core;

  return {
    async plan(row, release, request) {
      const tree = await liveTree(row);
      if (!tree) throw notRunning();
      return planMove(release.package.graph, tree, request);
    },

    async planMigration(row, to) {
      const tree = await liveTree(row);
      if (!tree) throw notRunning();
      return planMigration(await deps.release(row.release_id), to, tree);
    },

    async startPart(trx, { caseId, step, by, onBehalfOf, reason }) {
      const row: CaseRow | undefined = await trx('case').where({ id: caseId }).forUpdate().first();
      if (!row) throw notFound();
      const release = await deps.release(row.release_id);
      if (!release.package.steps[step]?.onDemand) throw new RangeError(`${step} is no part on demand`);
      checkStill(row);
      if (await isOpen(trx, row, release, step)) throw partOpen();
      // What a part starts stands beside whatever lives.
      const plan = unlooked('part', { activityId: step, name: release.package.steps[step]!.name.zh }, null);
      await deps.audit.write(trx, {
        caseId,
        ...(by && { personId: by, onBehalfOf }),
        action: 'case.part',
        detail: { title: release.package.steps[step]!.name.zh, reason },
      });
      return write(trx, row, { plan, actor: by, reason, at: core.time.now() });
    },

    isOpen,

    async request(trx, row, move) {
      await checkFree(trx, row);
      return write(trx, row, move);
    },

    async requestExit(trx, row, { step, reason }) {
      await checkFree(trx, row);
      const plan = unlooked('exit', { activityId: step, name: step }, UNSEEN);
      return write(trx, row, { plan, actor: null, reason, at: core.time.now() });
    },

    async became(moveId) {
      const { state, case_id: caseId } = await db('move').where({ id: moveId }).first('state', 'case_id');
      if (state === 'overtaken') throw treeChanged();
      if (state !== 'blocked') return { state };
      const incident = await db('incident')
        .where({ case_id: caseId, kind: 'command', state: 'open' })
        .orderBy('opened_at', 'desc')
        .first('code');
      const code = incident?.code ?? '';
      throw moveBlocked({ zh: `没有办成，已报运维 ${code}`, en: `Not carried out, reported as ${code}` });
    },

    async send(command) {
      const { moveId } = command.payload as { moveId: string };
      const move: MoveRow = await db('move').where({ id: moveId }).first();
      if (move.state !== 'queued') return { is: move.state === 'done' ? 'done' : 'dropped' };
      let { plan } = move;
      const row: CaseRow = await db('case').where({ id: move.case_id }).first();
      const tree = await liveTree(row).catch((error: EngineError) => error);
      if (tree instanceof EngineError) return judge(command, tree);
      if (!tree) return settle(moveId, row.id, 'overtaken');
      if (command.attempts > 1 && (await seenInEvents(move))) return settle(moveId, row.id, 'done');
      if (plan.kind === 'exit' && move.actor === null) plan = await planAnew(move, row, tree);
      if (plan.tree !== null && signature(tree) !== plan.tree) return settle(moveId, row.id, 'overtaken');
      await failpoints.hit('move.send.before');
      if (plan.kind === 'migration') return migrate(command, moveId, row, plan);
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
        .whereNot({ kind: 'migration' })
        .whereNull('tx')
        .whereRaw('asked_tx < ?::xid8', [tx])
        .orderBy('asked_tx');
      const move: MoveRow | undefined = moves.find((m: MoveRow) => doneIn(m.plan, group));
      if (!move) return null;
      const first = move.plan.start[0]?.activityId;
      const entered = group.find((e) => e.kind === 'enter' && e.act_id === first && e.task_id);
      await trx('move')
        .where({ id: move.id })
        .update({ state: 'done', tx, started_task: entered?.task_id ?? null, acknowledged_at: core.time.now() });
      await trx('case').where({ id: caseId }).update({ moving: null });
      return move.asked_at;
    },

    undo,
  };

  async function checkFree(trx: Knex.Transaction, row: CaseRow): Promise<void> {
    checkStill(row);
    const queued = await trx('command')
      .where({ case_id: row.id, kind: 'complete' })
      .whereIn('state', ['held', 'queued'])
      .first('id');
    if (queued) throw decisionsQueued({ retryAfter: 1 });
  }

  /** Kept before it is sent: the acknowledgement compares the events with it. */
  async function planAnew(move: MoveRow, row: CaseRow, tree: ActivityNode): Promise<MovePlan> {
    if (signature(tree) === move.plan.tree) return move.plan;
    const { package: flow } = await deps.release(row.release_id);
    const plan = planMove(flow.graph, tree, { kind: 'exit', to: move.plan.start[0]!.activityId });
    await db('move')
      .where({ id: move.id })
      .update({ plan: JSON.stringify(plan) });
    return plan;
  }

  function checkStill(row: CaseRow): void {
    if (row.state !== 'running') throw notRunning();
    if (isMoving(row)) throw caseMoving({ retryAfter: 2 });
  }

  /** Made without looking at the live tree. */
  function unlooked(kind: MovePlan['kind'], start: MovePlan['start'][number], tree: MovePlan['tree']): MovePlan {
    return { kind, start: [start], cancel: [], keep: [], undone: [], cut: [], within: null, thread: null, tree };
  }

  async function isOpen(db: Knex, row: CaseRow, release: Release, step: string): Promise<boolean> {
    const steps = [...reachable(release.package.graph, [step])];
    const visit = await db('step_visit')
      .where({ case_id: row.id })
      .whereNull('left_at')
      .whereIn('step', steps)
      .first('step');
    const coming = await db('engine_event')
      .where({ root: row.engine_instance_id, kind: 'enter' })
      .whereIn('act_id', steps)
      .first('id');
    const asked = await db('move')
      .where({ case_id: row.id, kind: 'part', state: 'queued' })
      .whereRaw(`plan->'start'->0->>'activityId' = ?`, [step])
      .first('id');
    return Boolean(visit ?? coming ?? asked);
  }

  async function write(
    trx: Knex.Transaction,
    row: CaseRow,
    { plan, actor, taskId, reason, at }: Asked,
  ): Promise<Requested> {
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
    const commandId = await deps.commands().add(trx, { caseId: row.id, kind: 'move', payload: { moveId: move.id } });
    return { moveId: move.id, commandId };
  }

  /** Whether one engine transaction after the request did what the plan says; its events may not be handled yet. */
  async function seenInEvents({ id, case_id: caseId, asked_tx: asked, plan }: MoveRow): Promise<boolean> {
    const row: CaseRow = await db('case').where({ id: caseId }).first();
    const events: EngineEvent[] = await db('engine_event')
      .where({ root: row.engine_instance_id })
      .whereRaw('tx > ?::xid8', [asked]);
    // Read after the events: whoever handled them meanwhile has acknowledged the move in the same transaction.
    const { tx } = await db('move').where({ id }).first('tx');
    if (tx !== null) return true;
    const txs = [...new Set(events.map((e) => e.tx))];
    return txs.some((one) =>
      doneIn(
        plan,
        events.filter((e) => e.tx === one),
      ),
    );
  }

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

  /** Ends and enters nothing, so no event acknowledges it: the engine's answer does, or its refusal of a second time. */
  async function migrate(command: CommandRow, moveId: string, row: CaseRow, plan: MovePlan): Promise<Verdict> {
    const [from, to] = await Promise.all([deps.release(row.release_id), deps.release(plan.release!)]);
    try {
      await engine.migrate({
        instanceId: row.engine_instance_id!,
        fromDefinition: from.definitionId,
        toDefinition: to.definitionId,
        variables: plan.set ?? {},
      });
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      if (error.code !== 'other-definition') return judge(command, error);
    }
    await failpoints.hit('move.send.after');
    await db.transaction(async (trx) => {
      const locked: CaseRow = await trx('case').where({ id: row.id }).forUpdate().first();
      if (locked.release_id === to.id) return;
      await trx('case').where({ id: row.id }).update({ release_id: to.id, moving: null });
      await trx('move').where({ id: moveId }).update({ state: 'done', acknowledged_at: core.time.now() });
      await deps.adopt(trx, { ...locked, release_id: to.id }, from, to);
    });
    return { is: 'done' };
  }

  async function undo(trx: Knex.Transaction, moveId: string, state: 'overtaken' | 'blocked'): Promise<void> {
    const at = core.time.now();
    const changed = await trx('move').where({ id: moveId, state: 'queued' }).update({ state, acknowledged_at: at });
    if (changed === 0) return;
    // The decision that asked for a straight back is void with it; its task is open again where it still lives.
    const decisions: { id: string; task_id: string }[] = await trx('decision')
      .whereRaw(`detail->>'move' = ?`, [moveId])
      .select('id', 'task_id');
    for (const { id, task_id: task } of decisions) {
      await trx('task').where({ id: task }).forUpdate().first('id');
      const again = await trx('task')
        .where({ id: task, state: 'deciding' })
        .whereNull('ended_at')
        .update({ state: 'open', version: trx.raw('version + 1') });
      await trx('decision')
        .where({ id })
        .update({ state: again > 0 ? 'blocked' : 'overtaken' });
    }
    await trx('decision').where({ voided_by: moveId }).update({ voided_by: null });
  }

  async function settle(moveId: string, caseId: string, state: 'done' | 'overtaken'): Promise<Verdict> {
    await db.transaction(async (trx) => {
      await trx('case').where({ id: caseId }).update({ moving: null });
      if (state === 'overtaken') {
        await deps.audit.write(trx, { caseId, action: 'move.overtaken' });
        return undo(trx, moveId, 'overtaken');
      }
      await trx('move').where({ id: moveId, state: 'queued' }).update({ state, acknowledged_at: core.time.now() });
    });
    return { is: state === 'done' ? 'done' : 'dropped' };
  }
}
