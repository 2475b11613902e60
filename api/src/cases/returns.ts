/** A task sent back to an earlier step: where to, with what effect, and the move itself (RULES, Decisions and moves). */
import type { Knex } from 'knex';
import type { Offer, ReturnBody, ReturnTarget } from '../../../contracts/api/index.ts';
import type { Release, Step } from '../../../contracts/flow.ts';
import type { Audit } from '../audit/index.ts';
import type { Core, Who } from '../core/index.ts';
import { invalidInput, notFound } from '../core/index.ts';
import type { CaseRow, Commands } from '../engine/index.ts';
import type { Messages } from '../messages/index.ts';
import { clearing, MoveRefused, namesCancelled, treeChanged, type MovePlan, type Moves } from '../moves/index.ts';
import { checkTurn, heldProblem, notNow, taskEnded, type TaskRow, type Turn } from '../tasks/index.ts';
import type { Effect, MoveEffects } from './effects.ts';
import { finishedSince, voidAnswers, type Since } from './history.ts';

export interface ReturnDeps {
  commands: Pick<Commands, 'send'>;
  moves: Moves;
  audit: Pick<Audit, 'write'>;
  messages: Pick<Messages, 'send'>;
  effects: MoveEffects;
  release(id: string): Promise<Release>;
  mayRead(who: Who, row: CaseRow): Promise<boolean>;
}

type Reason = NonNullable<Offer['reason']>;

export interface Returns {
  targets(who: Who, taskId: string): Promise<ReturnTarget[]>;
  /** @throws tree-changed with the new plan where `plan` isn't that of now */
  take(who: Who, taskId: string, body: ReturnBody): Promise<{ state: 'done' | 'queued' }>;
}

interface Found {
  row: CaseRow;
  task: TaskRow;
  release: Release;
  step: Step;
}

interface Planned {
  plan: MovePlan;
  since: Since;
}

const ISSUE = 'issue-certificate';

export function createReturns(core: Core, deps: ReturnDeps): Returns {
  const { db } = core;

  return {
    async targets(who, taskId) {
      const found = await find(who, taskId);
      await checkTask(db, who, found.row, found.task);
      return Promise.all((found.step.returnTo ?? []).map((to) => target(who, found, to)));
    },

    async take(who, taskId, body) {
      if (!body.reason.trim())
        throw invalidInput({ fields: [{ path: 'reason', zh: '写明原因', en: 'Give the reason' }] });
      const found = await find(who, taskId);
      if (!found.step.returnTo?.includes(body.to))
        throw invalidInput({ fields: [{ path: 'to', zh: '不能退回这一步', en: 'No return to this step' }] });
      await checkTask(db, who, found.row, found.task);
      const planned = await planOrReason(found, body.to);
      if ('zh' in planned) throw notNow(planned);
      if (body.plan !== undefined && body.plan !== planned.plan.tree)
        throw treeChanged({ facts: { plan: await target(who, found, body.to) } });
      if (body.mode === 'straight-back' && hasThreads(planned.plan)) throw notNow(THREADS);
      const { moveId, commandId } = await db.transaction((trx) => write(trx, who, found, planned, body));
      await deps.commands.send(commandId);
      return deps.moves.became(moveId);
    },
  };

  async function find(who: Who, taskId: string): Promise<Found> {
    const task: TaskRow | undefined = await db('task').where({ id: taskId }).first();
    const row: CaseRow | undefined = task?.case_id ? await db('case').where({ id: task.case_id }).first() : undefined;
    if (!task || !row || !(await deps.mayRead(who, row))) throw notFound();
    const release = await deps.release(row.release_id);
    const step = release.package.steps[task.step];
    if (!step?.actions.includes('return')) throw notFound();
    return { row, task, release, step };
  }

  async function checkTask(on: Knex, who: Who, row: CaseRow, task: TaskRow): Promise<Turn> {
    if (task.state === 'held') throw await heldProblem(on, task.id, who.personId);
    if (task.ended_at || task.state !== 'open') throw taskEnded();
    return checkTurn(on, who, row, task);
  }

  async function planOrReason({ row, task, release }: Found, to: string): Promise<Planned | Reason> {
    const visit = await db('step_visit').where({ task_id: task.id }).first('act_inst');
    if (!visit) return { zh: '刚刚到达，稍候再试', en: 'Arrived just now; try again shortly' };
    const since = await finishedSince(db, row.id, to, visit.act_inst);
    if (!since) return { zh: '这一步还没有办过', en: 'This step has not been done yet' };
    try {
      const request = { kind: 'return' as const, to, from: visit.act_inst, since: since.steps };
      const plan = await deps.moves.plan(row, release, request);
      const issued = await db('work_receipt')
        .where({ case_id: row.id, topic: ISSUE })
        .whereIn('step', plan.undone)
        .where('finished_at', '>=', since.at)
        .first('step');
      if (!issued) return { plan, since };
      return {
        zh: '证书已经颁发，不能退回到颁发之前；用证书的变更、撤销等操作',
        en: 'The certificate has been issued; it can only be changed or revoked',
      };
    } catch (error) {
      if (error instanceof MoveRefused) return { zh: error.zh, en: error.en };
      throw error;
    }
  }

  async function target(who: Who, found: Found, to: string): Promise<ReturnTarget> {
    const planned = await planOrReason(found, to);
    const name = found.release.package.steps[to]?.name.zh ?? to;
    const form = found.release.package.steps[to]?.edits?.form ?? null;
    const base = { to, title: { zh: name, en: name }, form, plannedAt: core.time.now().toISOString() };
    if ('zh' in planned) return { ...base, enabled: false, reason: planned, modes: [], plan: '', effects: [] };
    const modes: ReturnTarget['modes'] = hasThreads(planned.plan) ? ['replay'] : ['replay', 'straight-back'];
    return { ...base, enabled: true, modes, plan: planned.plan.tree!, effects: await effects(who, found, planned) };
  }

  async function effects(who: Who, { row, release }: Found, { plan, since }: Planned): Promise<Effect[]> {
    const by = since.by ? await db('person').where({ id: since.by }).first('name') : undefined;
    const told = await toldHolders(db, who, row, plan);
    return [
      ...(await deps.effects.of(row, release, plan, by?.name)),
      ...(await deps.effects.documents(row, plan, since.at)),
      ...told.map(({ name, person }): Effect => ({
        kind: 'tell',
        what: { zh: name, en: name },
        who: person,
        note: { zh: '意见留作草稿', en: 'Keeps the opinion as a draft' },
        step: null,
      })),
    ];
  }

  async function write(
    trx: Knex.Transaction,
    who: Who,
    { row, task, release, step }: Found,
    { plan, since }: Planned,
    { to, mode, reason, pins }: ReturnBody,
  ): Promise<{ moveId: string; commandId: string }> {
    const locked: CaseRow = await trx('case').where({ id: row.id }).forUpdate().first();
    const turn = await checkTask(trx, who, locked, await trx('task').where({ id: task.id }).forUpdate().first());
    const at = core.time.now();
    const set = clearing(release.package.graph, plan.undone);
    const asked = await deps.moves.request(trx, locked, {
      plan: { ...plan, mode, set, ...(pins.length > 0 && { pins }) },
      actor: who.personId,
      taskId: task.id,
      reason,
      at,
    });
    if (mode === 'replay') await voidAnswers(trx, row.id, { moveId: asked.moveId, plan, since: since.at });
    await deps.audit.write(trx, {
      caseId: row.id,
      personId: who.personId,
      onBehalfOf: turn.for?.id,
      action: 'task.return',
      step: step.id,
      visit: task.visit ?? undefined,
      detail: {
        stepName: step.name.zh,
        title: release.package.steps[to]!.name.zh,
        mode,
        reason,
        pins,
        cancelled: namesCancelled(plan),
        kept: plan.keep.map((k) => k.name),
      },
    });
    await tell(trx, who, locked, plan, reason);
    return asked;
  }

  /** Who had taken a step that ends with the return is told; what was typed goes on in the next visit. */
  async function tell(trx: Knex.Transaction, who: Who, row: CaseRow, plan: MovePlan, reason: string): Promise<void> {
    for (const { holder, name } of await toldHolders(trx, who, row, plan))
      await deps.messages.send(trx, {
        to: { personId: holder },
        caseId: row.id,
        kind: 'task.returned',
        title: `「${name}」已由别的环节退回`,
        body: `${row.number} ${row.title}：您的意见留作草稿。退回原因：${reason}`,
        en: {
          title: `“${name}” was sent back`,
          body: `${row.number}: your opinion is kept as a draft. Reason: ${reason}`,
        },
        link: `/cases/${row.id}`,
      });
  }
}

/** Who has a step that ends with the move, but for who asks for it. */
async function toldHolders(
  on: Knex,
  who: Who,
  row: CaseRow,
  plan: MovePlan,
): Promise<{ holder: string; person: string; name: string }[]> {
  return on('task as t')
    .join('person as p', 'p.id', 't.holder')
    .join('step_visit as v', 'v.task_id', 't.id')
    .where({ 't.case_id': row.id })
    .whereNull('t.ended_at')
    .whereNot({ 't.holder': who.personId })
    .whereIn(
      'v.act_inst',
      plan.cancel.flatMap((c) => c.open),
    )
    .select('t.holder', 't.name', { person: 'p.name' });
}

export const THREADS: Reason = {
  zh: '退回涉及分头办理的环节，须重新逐步办理，不能直送',
  en: 'The return concerns threads, which have to be done again step by step',
};

export function hasThreads({ cut, start }: Pick<MovePlan, 'cut' | 'start'>): boolean {
  const ended = (one: MovePlan['cut'][number]): boolean => one.threads || one.inner.some(ended);
  return cut.some(ended) || start.some(({ threads }) => threads !== undefined);
}
