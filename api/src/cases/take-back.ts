/** A person's own decision taken back, as long as nobody has looked at what came of it (RULES, Answers). */
import type { Knex } from 'knex';
import type { Offer, TakeBackView } from '../../../contracts/api/index.ts';
import type { Audit } from '../audit/index.ts';
import type { Core, Who } from '../core/index.ts';
import { notFound } from '../core/index.ts';
import type { Graph, Release } from '../../../contracts/flow.ts';
import type { CaseRow, Commands } from '../engine/index.ts';
import { reachable } from '../flows/index.ts';
import { clearing, MoveRefused, treeChanged, type MovePlan, type Moves } from '../moves/index.ts';
import { notNow, timeOfDay } from '../tasks/index.ts';
import type { MoveEffects } from './effects.ts';
import { around, finishedSince, voidAnswers } from './history.ts';

export interface TakeBackDeps {
  commands: Pick<Commands, 'send'>;
  moves: Moves;
  effects: MoveEffects;
  audit: Pick<Audit, 'write'>;
  release(id: string): Promise<Release>;
}

export interface TakeBack {
  /** For the done list: told without asking the engine. Null where the step has no such action. */
  offer(decision: DecisionRow, release: Release): Promise<Offer | null>;
  preview(who: Who, decisionId: string): Promise<TakeBackView>;
  /** @throws tree-changed with the new preview where `plan` isn't that of now */
  take(who: Who, decisionId: string, plan?: string): Promise<{ state: 'done' | 'queued' }>;
}

/** Work whose effect stays in the house: it is done again, or stands. All other is seen outside. */
const INSIDE = ['validate', 'evaluate', 'generate-document', 'assign-number', 'draw', 'score'];

type Reason = NonNullable<Offer['reason']>;

interface DecisionRow {
  id: string;
  task_id: string;
  case_id: string;
  step: string;
  opinion: string | null;
  decided_at: Date;
}

interface Found {
  who: Who;
  row: CaseRow;
  release: Release;
  decision: DecisionRow;
  plan: MovePlan;
  /** From when on answers are given anew. */
  since: Date;
}

export function createTakeBack(core: Core, deps: TakeBackDeps): TakeBack {
  const { db } = core;

  return {
    async offer(decision, { package: flow }) {
      if (!flow.steps[decision.step]?.actions.includes('take-back')) return null;
      const reason = await whyNot(db, decision, behind(flow.graph, decision.step));
      const title = { zh: '取回', en: 'Take back' };
      return { action: 'take-back', title, enabled: !reason, ...(reason && { reason }), needs: ['confirm'] };
    },

    preview: async (who, decisionId) => viewOf(await find(who, decisionId)),

    async take(who, decisionId, tree) {
      const found = await find(who, decisionId);
      if (tree !== undefined && tree !== found.plan.tree) throw treeChanged({ facts: { plan: await viewOf(found) } });
      const asked = await db.transaction((trx) => write(trx, found));
      await deps.commands.send(asked.commandId);
      return deps.moves.became(asked.moveId);
    },
  };

  async function find(who: Who, decisionId: string): Promise<Found> {
    const decision: DecisionRow | undefined = await db('decision')
      .where({ id: decisionId, person_id: who.personId, state: 'done' })
      .whereNull('voided_by')
      .first();
    if (!decision) throw notFound();
    const row: CaseRow = await db('case').where({ id: decision.case_id }).first();
    const release = await deps.release(row.release_id);
    if (!release.package.steps[decision.step]?.actions.includes('take-back'))
      throw notNow({ zh: '这一步的决定不能取回', en: 'Decisions of this step can’t be taken back' });
    const since = await finishedSince(db, row.id, decision.step);
    const plan = await planOf(row, release, decision, since?.steps);
    await check(db, decision, plan);
    return { who, row, release, decision, plan, since: since?.at ?? decision.decided_at };
  }

  async function viewOf({ who, row, release, plan }: Found): Promise<TakeBackView> {
    const me = await db('person').where({ id: who.personId }).first('name');
    return {
      plan: plan.tree!,
      plannedAt: core.time.now().toISOString(),
      effects: await deps.effects.of(row, release, plan, me.name),
    };
  }

  async function planOf(
    row: CaseRow,
    release: Release,
    decision: DecisionRow,
    since: string[] | undefined,
  ): Promise<MovePlan> {
    const visit = await db('step_visit').where({ task_id: decision.task_id }).first('parent');
    const within = await around(db, row.id, visit?.parent ?? null);
    try {
      const request = { kind: 'take-back' as const, to: decision.step, within, since };
      return await deps.moves.plan(row, release, request);
    } catch (error) {
      if (error instanceof MoveRefused) throw notNow({ zh: error.zh, en: error.en });
      throw error;
    }
  }

  /** Asked again under the lock. */
  async function check(on: Knex, decision: DecisionRow, plan: MovePlan): Promise<void> {
    const reason = await whyNot(on, decision, [...plan.undone, ...plan.cancel.map((c) => c.activityId)]);
    if (reason) throw notNow(reason);
  }

  async function write(
    trx: Knex.Transaction,
    { who, release, decision, plan, since }: Found,
  ): Promise<{ moveId: string; commandId: string }> {
    const row: CaseRow = await trx('case').where({ id: decision.case_id }).forUpdate().first();
    await check(trx, decision, plan);
    const set = clearing(release.package.graph, plan.undone);
    const reason = '取回';
    const at = core.time.now();
    const asked = await deps.moves.request(trx, row, { plan: { ...plan, set }, actor: who.personId, reason, at });
    await voidAnswers(trx, row.id, { moveId: asked.moveId, plan, since });
    if (decision.opinion)
      await trx('opinion_draft')
        .insert({ task_id: decision.task_id, person_id: who.personId, opinion: decision.opinion, saved_at: at })
        .onConflict(['task_id', 'person_id'])
        .merge();
    await deps.audit.write(trx, {
      caseId: row.id,
      personId: who.personId,
      action: 'decision.taken-back',
      step: decision.step,
      detail: {
        stepName: release.package.steps[decision.step]!.name.zh,
        cancelled: plan.cancel.map((c) => c.name),
        kept: plan.keep.map((k) => k.name),
      },
    });
    return asked;
  }
}

/** Steps that may follow the decision: those that the step itself leads to. */
function behind(graph: Graph, step: string): string[] {
  return [
    ...reachable(
      graph,
      graph.flows.filter((f) => f.from === step).map((f) => f.to),
    ),
  ];
}

async function whyNot(on: Knex, decision: DecisionRow, steps: string[]): Promise<Reason | null> {
  const { state } = await on('case').where({ id: decision.case_id }).first('state');
  if (state === 'closed') return { zh: '已办结', en: 'The case is closed' };
  const later = await on('decision')
    .where({ case_id: decision.case_id })
    .whereIn('step', steps)
    .whereIn('state', ['held', 'queued', 'done'])
    .whereNull('voided_by')
    .where('decided_at', '>=', decision.decided_at)
    .whereNot({ id: decision.id })
    .first('id');
  const answered = await on('answer')
    .where({ case_id: decision.case_id, state: 'given' })
    .whereIn('step', steps)
    .where('answered_at', '>=', decision.decided_at)
    .whereNot({ task_id: decision.task_id })
    .first('id');
  if (later || answered) return { zh: '后面的环节已经办理', en: 'A later step has been decided' };
  // A task that went back by itself to whoever decided the step before isn't taken yet.
  const taken = on('audit as a')
    .whereRaw('a.case_id = t.case_id and a.step = t.step and a.visit = t.visit')
    .whereIn('a.action', ['task.claim', 'task.transfer', 'task.delegate']);
  const seen = await on('task as t')
    .where({ case_id: decision.case_id })
    .whereNull('ended_at')
    .whereIn('step', steps)
    .where((q) => q.whereNotNull('seen_at').orWhere((held) => held.whereNotNull('holder').whereExists(taken)))
    .leftJoin('person as p', 'p.id', 't.seen_by')
    .first('t.name', 'seen_at', { by: 'p.name' });
  if (seen?.by)
    return {
      zh: `「${seen.name}」已由${seen.by} ${timeOfDay(seen.seen_at)} 打开`,
      en: `“${seen.name}” was opened by ${seen.by} at ${timeOfDay(seen.seen_at)}`,
    };
  if (seen) return { zh: `「${seen.name}」已有人打开`, en: `“${seen.name}” has been opened` };
  const outside = await on('work_receipt')
    .where({ case_id: decision.case_id })
    .whereNotIn('topic', INSIDE)
    .where('at', '>=', decision.decided_at)
    .first('step');
  return outside ? { zh: '已经送达、颁发或公布，不能取回', en: 'Something was served, issued or published' } : null;
}
