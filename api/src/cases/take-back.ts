/** A person's own decision taken back, as long as nobody has looked at what came of it (RULES, Answers). */
import type { Knex } from 'knex';
import type { Offer, TakeBackView } from '../../../contracts/api/index.ts';
import type { Audit } from '../audit/index.ts';
import type { Core, Who } from '../core/index.ts';
import { notFound } from '../core/index.ts';
import type { Graph, Release } from '../../../contracts/flow.ts';
import type { CaseRow, Commands } from '../engine/index.ts';
import {
  clearing,
  MoveRefused,
  stepsBehind,
  namesCancelled,
  treeChanged,
  type MovePlan,
  type Moves,
} from '../moves/index.ts';
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

/** `step`: where what keeps the decision is. */
type Refused = NonNullable<Offer['reason']> & { step?: string };

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
    async offer(decision, release) {
      if (!release.package.steps[decision.step]?.actions.includes('take-back')) return null;
      const refused = await whyNot(db, decision, release);
      const reason = refused && { zh: refused.zh, en: refused.en };
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
    await check(db, decision, release);
    const since = await finishedSince(db, row.id, decision.step);
    const plan = await planOf(row, release, decision, since?.steps);
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
      if (error instanceof MoveRefused) throw notNow({ zh: error.zh, en: error.en, facts: { step: error.place } });
      throw error;
    }
  }

  /** Asked again under the lock. */
  async function check(on: Knex, decision: DecisionRow, release: Release): Promise<void> {
    const refused = await whyNot(on, decision, release);
    if (refused) throw notNow({ zh: refused.zh, en: refused.en, facts: { step: refused.step } });
  }

  async function write(
    trx: Knex.Transaction,
    { who, release, decision, plan, since }: Found,
  ): Promise<{ moveId: string; commandId: string }> {
    const row: CaseRow = await trx('case').where({ id: decision.case_id }).forUpdate().first();
    await check(trx, decision, release);
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
        cancelled: namesCancelled(plan),
        kept: plan.keep.map((k) => k.name),
      },
    });
    return asked;
  }
}

/** Why a decision stands by now; asked of what is done after its step only, in its own thread. */
async function whyNot(on: Knex, decision: DecisionRow, { package: flow }: Release): Promise<Refused | null> {
  const { state } = await on('case').where({ id: decision.case_id }).first('state');
  if (state === 'closed') return { zh: '已办结', en: 'The case is closed' };
  const thread = await endedThread(on, decision, flow.graph);
  if (thread)
    return {
      step: thread,
      zh: '这一路已经办完，不能取回',
      en: 'This thread is finished; nothing in it can be taken back',
    };
  const steps = behindOrRefused(flow.graph, decision.step);
  if (!Array.isArray(steps)) return steps;
  const behind = (rows: Knex.QueryBuilder, task: string) =>
    rows
      .where('r.case_id', decision.case_id)
      .whereIn('r.step', steps)
      .whereNot(task, decision.task_id)
      .whereRaw(IN_THREAD_OF, [task, decision.task_id]);

  const decided = await on('decision as r')
    .modify(behind, 'r.task_id')
    .whereIn('r.state', ['held', 'queued', 'done'])
    .whereNull('r.voided_by')
    .where('r.decided_at', '>=', decision.decided_at)
    .orderBy('r.decided_at')
    .first('r.step');
  const answered = await on('answer as r')
    .modify(behind, 'r.task_id')
    .where('r.state', 'given')
    .where('r.answered_at', '>=', decision.decided_at)
    .orderBy('r.answered_at')
    .first('r.step');
  const later: string | undefined = (decided ?? answered)?.step;
  if (later) {
    const name = flow.steps[later]?.name.zh ?? later;
    return { step: later, zh: `后面的「${name}」已经办理`, en: `“${name}”, a later step, has been decided` };
  }

  // A task that went back by itself to whoever decided the step before isn't taken yet.
  const taken = on('audit as a')
    .whereRaw('a.case_id = r.case_id and a.step = r.step and a.visit = r.visit')
    .whereIn('a.action', ['task.claim', 'task.transfer', 'task.delegate']);
  const seen = await on('task as r')
    .modify(behind, 'r.id')
    .whereNull('r.ended_at')
    .where((q) => q.whereNotNull('r.seen_at').orWhere((held) => held.whereNotNull('r.holder').whereExists(taken)))
    .leftJoin('person as p', 'p.id', 'r.seen_by')
    .orderByRaw('r.seen_at nulls last')
    .first('r.step', 'r.name', 'r.seen_at', { by: 'p.name' });
  if (seen) {
    const { step, name, by } = seen;
    const at = by && timeOfDay(seen.seen_at);
    return by
      ? { step, zh: `「${name}」已由${by} ${at} 打开`, en: `“${name}” was opened by ${by} at ${at}` }
      : { step, zh: `「${name}」已有人打开`, en: `“${name}” has been opened` };
  }

  const outside = await on('work_receipt')
    .where({ case_id: decision.case_id })
    .whereNotIn('topic', INSIDE)
    .where('at', '>=', decision.decided_at)
    .first('step');
  return outside
    ? { step: outside.step, zh: '已经送达、颁发或公布，不能取回', en: 'Something was served, issued or published' }
    : null;
}

function behindOrRefused(graph: Graph, step: string): string[] | Refused {
  try {
    return stepsBehind(graph, step);
  } catch (error) {
    if (!(error instanceof MoveRefused)) throw error;
    return { step: error.place, zh: error.zh, en: error.en };
  }
}

/** Whether neither of two tasks is in a thread that the other is beside. */
const IN_THREAD_OF = `not exists (
  select from step_visit v, step_visit d
  where v.task_id = ?? and d.task_id = ? and not starts_with(v.thread || '/', d.thread || '/')
    and not starts_with(d.thread || '/', v.thread || '/'))`;

/** The sub-process whose thread, which the decision was made in, has ended: it can't begin again without the others. */
async function endedThread(
  on: Knex,
  { case_id: caseId, task_id: taskId }: DecisionRow,
  graph: Graph,
): Promise<string | undefined> {
  const threads = graph.nodes.filter(({ thread }) => thread).map(({ id }) => id);
  if (threads.length === 0) return undefined;
  const visit = await on('step_visit').where({ task_id: taskId }).first('parent');
  const ended = await on('step_visit')
    .whereIn('act_inst', await around(on, caseId, visit?.parent ?? null))
    .whereIn('step', threads)
    .whereNotNull('left_at')
    .first('step');
  return ended?.step;
}
