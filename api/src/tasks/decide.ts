/**
 * Deciding (architecture 5.1): one transaction of ours with decision, data version, audit, task state and command; then
 * the command is sent with nothing held; then the decision row says what became of it.
 */
import type { Knex } from 'knex';
import type { z } from 'zod';
import type { DecideAnswer, DecideBody, Finding } from '../../../contracts/api/index.ts';
import type { Outcome, Release, Step } from '../../../contracts/flow.ts';
import type { Audit } from '../audit/index.ts';
import type { Core, FieldProblem, Who } from '../core/index.ts';
import { invalidInput, notFound, shanghaiDay, stale } from '../core/index.ts';
import type { CaseRow, Commands } from '../engine/index.ts';
import { caseMoving } from '../moves/index.ts';
import { fourEyes, heldByOther, notNow, notYours, outcomeUnknown, taskDeciding, taskEnded } from './problems.ts';
import { grantFor, groupsOfTask, mayTake, type TaskRow } from './rows.ts';
import { valuesSet } from './sets.ts';

export interface DecideDeps {
  commands: Commands;
  audit: Audit;
  release(id: string): Promise<Release>;
  mayRead(who: Who, row: CaseRow): Promise<boolean>;
  forms: {
    check(owner: string, form: string, step?: string, outcome?: string): Promise<Finding[]>;
    close(trx: Knex.Transaction, closing: { owner: string; form: string; by: string; at: Date }): Promise<number>;
  };
}

export type Decide = (who: Who, taskId: string, body: z.infer<typeof DecideBody>) => Promise<DecideAnswer>;

export function createDecide(core: Core, deps: DecideDeps): Decide {
  const { db, failpoints } = core;

  return async (who, taskId, body) => {
    const { task, row } = await find(who, taskId);
    const release = await deps.release(row.release_id);
    const step = release.package.steps[task.step];
    if (!step) throw notFound();
    const outcome = step.outcomes.find((o) => o.id === body.outcome);
    if (!outcome)
      throw outcomeUnknown({
        fields: [
          {
            path: 'outcome',
            zh: `可选：${step.outcomes.map((o) => o.zh).join('、')}`,
            en: `One of ${step.outcomes.map((o) => o.id).join(', ')}`,
          },
        ],
      });
    // Asked again under the lock; here so that nobody learns what is missing in a task that is not theirs.
    await checkTask(db, who, task, step, outcome, body.version);
    checkNeeds(outcome, body);
    await checkForms(row, step, outcome);
    await failpoints.hit('decide.commit.before');
    const written = await db.transaction((trx) => write(trx, who, release, task.id, step, outcome, body));
    await failpoints.hit('decide.commit.after');
    await deps.commands.send(written.command);
    return answerOf(written.decision);
  };

  async function find(who: Who, taskId: string): Promise<{ task: TaskRow; row: CaseRow }> {
    const task: TaskRow | undefined = await db('task').where({ id: taskId }).first();
    const row: CaseRow | undefined = task?.case_id ? await db('case').where({ id: task.case_id }).first() : undefined;
    if (!task || !row || !(await deps.mayRead(who, row))) throw notFound();
    return { task, row };
  }

  /** Lock order everywhere: case, task, group rows, decision, the rest (ENGINE.md 23). */
  async function write(
    trx: Knex.Transaction,
    who: Who,
    release: Release,
    taskId: string,
    step: Step,
    outcome: Outcome,
    body: z.infer<typeof DecideBody>,
  ): Promise<{ decision: string; command: string }> {
    const { case_id: caseId } = await trx('task').where({ id: taskId }).first('case_id');
    const row: CaseRow = await trx('case').where({ id: caseId }).forShare().first();
    if (row.moving && new Date(row.moving.until) > new Date()) throw caseMoving({ retryAfter: 2 });
    const task: TaskRow = await trx('task').where({ id: taskId }).forUpdate().first();
    await checkTask(trx, who, task, step, outcome, body.version);
    const at = core.time.now();
    const role = grantFor(who, await groupsOfTask(trx, taskId));
    const form = step.edits?.form ?? step.form;
    const version = form ? await deps.forms.close(trx, { owner: caseId, form, by: who.personId, at }) : null;
    const sets = await valuesSet(trx, caseId, step, release.package);
    const [decision] = await trx('decision')
      .insert({
        task_id: taskId,
        case_id: caseId,
        step: step.id,
        person_id: who.personId,
        role: role?.role ?? null,
        office: role?.office ?? null,
        outcome: outcome.id,
        opinion: body.opinion || null,
        detail: JSON.stringify({
          ...(body.pins.length > 0 && { pins: body.pins }),
          ...(body.reason && { reason: body.reason }),
          ...(step.sets && { sets }),
        }),
        data_version: version,
        decided_at: at,
      })
      .returning('id');
    await trx('task')
      .where({ id: taskId })
      .update({ state: 'deciding', holder: who.personId, version: task.version + 1 });
    await trx('opinion_draft').where({ task_id: taskId }).delete();
    await deps.audit.write(trx, {
      caseId,
      personId: who.personId,
      role: role?.role,
      office: role?.office,
      action: 'task.decide',
      step: step.id,
      visit: task.visit ?? undefined,
      occurredAt: body.occurredAt ? new Date(body.occurredAt) : undefined,
      detail: {
        stepName: step.name.zh,
        outcome: outcome.id,
        outcomeTitle: { zh: outcome.zh, en: outcome.en },
        opinion: body.opinion,
        reason: body.reason,
        article: outcome.basis,
        pins: body.pins,
        dataVersion: version,
      },
    });
    const command = await deps.commands.add(trx, {
      caseId,
      kind: 'complete',
      payload: { taskId, variables: { ...sets, [`${step.id}_outcome`]: outcome.id } },
      decisionId: decision.id,
    });
    return { decision: decision.id, command };
  }

  async function checkTask(
    trx: Knex,
    who: Who,
    task: TaskRow,
    step: Step,
    outcome: Outcome,
    version: number,
  ): Promise<void> {
    if (task.ended_at) throw taskEnded({ facts: await whoEnded(trx, task.id) });
    if (task.state === 'deciding') throw taskDeciding({ facts: await whoEnded(trx, task.id) });
    if (!mayTake(who, await groupsOfTask(trx, task.id))) throw notYours();
    if (task.holder && task.holder !== who.personId) throw heldByOther();
    if (task.version !== version) throw stale({ facts: { version: task.version } });
    if (outcome.once) {
      const before = await trx('decision')
        .where({ case_id: task.case_id, step: step.id, outcome: outcome.id, state: 'done' })
        .first('decided_at');
      if (before)
        throw notNow({
          zh: `${shanghaiDay(before.decided_at)} 已办过「${outcome.zh}」，只能一次${outcome.basis ? `（${outcome.basis}）` : ''}`,
          en: `“${outcome.en}” was decided before; only once`,
        });
    }
    if (step.notSameAs.length > 0) {
      const same = await trx('decision')
        .where({ case_id: task.case_id, person_id: who.personId, state: 'done' })
        .whereIn('step', step.notSameAs)
        .first('id');
      if (same) throw fourEyes();
    }
  }

  async function whoEnded(trx: Knex, taskId: string): Promise<Record<string, unknown>> {
    const by = await trx('decision as d')
      .leftJoin('person as p', 'p.id', 'd.person_id')
      .where('d.task_id', taskId)
      .whereNot('d.state', 'blocked')
      .first('p.name', 'd.decided_at', 'd.outcome', 'd.state');
    return by ? { by: by.name, at: by.decided_at, outcome: by.outcome, state: by.state } : {};
  }

  function checkNeeds(outcome: Outcome, body: z.infer<typeof DecideBody>): void {
    const fields: FieldProblem[] = [];
    if (outcome.needs.includes('opinion') && !body.opinion.trim())
      fields.push({ path: 'opinion', zh: '写明意见', en: 'Write an opinion' });
    if (outcome.needs.includes('reason') && !(body.reason ?? '').trim())
      fields.push({ path: 'reason', zh: `「${outcome.zh}」须写明理由`, en: `“${outcome.en}” needs a reason` });
    if (outcome.needs.includes('pins') && body.pins.length === 0)
      fields.push({ path: 'pins', zh: '逐项指明要补正或整改的内容', en: 'Name every item' });
    if (fields.length > 0) throw invalidInput({ fields });
  }

  /** The step's own form has to be complete; what an applicant edits too. Warnings don't hold a decision up. */
  async function checkForms(row: CaseRow, step: Step, outcome: Outcome): Promise<void> {
    const form = step.edits?.form ?? (outcome.needs.includes('form') ? step.form : undefined);
    if (!form) return;
    const errors = (await deps.forms.check(row.id, form, step.id, outcome.id)).filter((f) => f.severity === 'error');
    if (errors.length === 0) return;
    throw invalidInput({
      zh: `还差 ${errors.length} 项`,
      en: `${errors.length} items are missing`,
      fields: errors.map((f) => ({ path: `form/${f.path}`, zh: f.zh, en: f.en })),
    });
  }

  async function answerOf(id: string): Promise<DecideAnswer> {
    const d = await db('decision').where({ id }).first('id', 'case_id', 'state');
    const incident =
      d.state === 'blocked'
        ? await db('incident')
            .where({ case_id: d.case_id, kind: 'command', state: 'open' })
            .orderBy('opened_at', 'desc')
            .first('code')
        : null;
    return {
      decisionId: d.id,
      caseId: d.case_id,
      state: d.state,
      message: decisionMessage(d.state, core.time.now(), incident?.code),
    };
  }
}

/** What the person is told about a decision (RULES, What people see). */
export function decisionMessage(
  state: 'held' | 'queued' | 'done' | 'overtaken' | 'blocked',
  now: Date,
  code?: string,
): { zh: string; en: string } {
  const time = new Intl.DateTimeFormat('zh-CN', {
    timeZone: 'Asia/Shanghai',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  }).format(now);
  switch (state) {
    case 'done':
      return { zh: '已办', en: 'Done' };
    case 'held':
    case 'queued':
      return {
        zh: `已收到，${time} 起流程服务没有应答，恢复后自动办理`,
        en: `Received; the process service has not answered since ${time}, it will be carried out when it is back`,
      };
    case 'overtaken':
      return {
        zh: '这项待办已先一步结束，您的意见留在操作留痕里',
        en: 'The task ended before; your opinion stays in the record',
      };
    case 'blocked':
      return {
        zh: `没有办成，已报运维 ${code ?? ''}，您的意见在草稿里`,
        en: `Not carried out, reported as ${code ?? ''}; your opinion is kept as a draft`,
      };
  }
}
