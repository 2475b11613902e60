/**
 * Deciding (architecture 5.1): one transaction of ours with decision, data version, audit, task state and command; then
 * the command is sent with nothing held; then the decision row says what became of it. Where several have to answer,
 * each answer is such a transaction, and only the last needed one brings a decision.
 */
import type { Knex } from 'knex';
import type { z } from 'zod';
import type { DecideAnswer, DecideBody, Finding, Pin } from '../../../contracts/api/index.ts';
import type { Outcome, Release, Step } from '../../../contracts/flow.ts';
import type { Audit } from '../audit/index.ts';
import type { Core, FieldProblem, Grant, Who } from '../core/index.ts';
import { invalidInput, notFound, shanghaiDay, stale } from '../core/index.ts';
import type { Variables } from '../../../engine-adapters/port/index.ts';
import type { CaseRow, Commands } from '../engine/index.ts';
import { caseMoving } from '../moves/index.ts';
import type { Exclusions } from '../rights/index.ts';
import { answerersOf, speaksFor, type FixAnswerers } from './answerers.ts';
import {
  alreadyAnswered,
  delegated,
  excluded,
  heldByOther,
  notNow,
  notYours,
  outcomeUnknown,
  taskDeciding,
  taskEnded,
} from './problems.ts';
import { grantFor, groupsOfTask, mayTake, type TaskRow } from './rows.ts';
import { valuesSet } from './sets.ts';
import { tally } from './tally.ts';

export interface DecideDeps {
  commands: Commands;
  audit: Audit;
  exclusions: Pick<Exclusions, 'of'>;
  fixAnswerers: FixAnswerers;
  release(id: string): Promise<Release>;
  mayRead(who: Who, row: CaseRow): Promise<boolean>;
  correct: Correct;
  fileCorrected: FileCorrected;
  forms: {
    check(owner: string, form: string, step?: string, outcome?: string): Promise<Finding[]>;
    close(
      trx: Knex.Transaction,
      closing: { owner: string; form: string; by: string | null; at: Date },
    ): Promise<number>;
  };
}

export type Decide = (who: Who, taskId: string, body: z.infer<typeof DecideBody>) => Promise<DecideAnswer>;

/** Files what an applicant sealed anew in a step; null where the step does not change the application. */
export type FileCorrected = (
  row: CaseRow,
  release: Release,
  step: Step,
) => Promise<((trx: Knex.Transaction, by: string) => Promise<void>) | null>;

/** How the answer to a task that a return started is carried out. */
export interface Correction {
  /** Variables besides those of the decision. */
  set: Variables;
  decided(trx: Knex.Transaction): Promise<void>;
  /** In place of completing the task; the id of the command. Called with the case row locked for update. */
  send?(
    trx: Knex.Transaction,
    row: CaseRow,
    decision: { id: string; by: string | null; at: Date; set: Variables },
  ): Promise<string>;
}

/** Null for a task that no return started; what an outcome brings is planned before the decision is written. */
export type Correct = (
  row: CaseRow,
  release: Release,
  task: TaskRow,
) => Promise<((outcome: string) => Correction) | null>;

/** The system decides where the law says what silence means; null where the task is not open any more. */
export type DecideBySystem = (deemed: {
  caseId: string;
  step: string;
  outcome: string;
  at: Date;
  reason: string;
}) => Promise<string | null>;

/** What somebody wants to decide. */
interface Deciding {
  who: Who;
  row: CaseRow;
  release: Release;
  step: Step;
  outcome: Outcome;
  body: z.infer<typeof DecideBody>;
  fileCorrected?: Awaited<ReturnType<FileCorrected>>;
  correct?: ((outcome: string) => Correction) | null;
}

/** A decision as it is written: by a person, or by the system with nobody's grant. */
interface Ruling {
  row: CaseRow;
  release: Release;
  step: Step;
  outcome: Outcome;
  at: Date;
  personId: string | null;
  grant?: Grant;
  opinion?: string;
  detail: { pins?: Pin[]; reason?: string; answers?: number; deemed?: boolean };
  occurredAt?: Date;
  correct?: ((outcome: string) => Correction) | null;
}

interface Written {
  /** Absent where other answers are awaited. */
  command?: string;
  id: string;
}

export function createDecide(core: Core, deps: DecideDeps): { decide: Decide; decideBySystem: DecideBySystem } {
  const { db, failpoints } = core;

  return {
    async decide(who, taskId, body) {
      const { task, row } = await find(who, taskId);
      const release = await deps.release(row.release_id);
      const step = release.package.steps[task.step];
      if (!step) throw notFound();
      const deciding = { who, row, release, step, outcome: outcomeOf(step, body.outcome), body };
      // Asked again under the lock; here so that nobody learns what is missing in a task that is not theirs.
      await checkTask(db, deciding, task);
      checkNeeds(deciding);
      await checkForms(deciding);
      await failpoints.hit('decide.commit.before');
      const correct = await deps.correct(row, release, task);
      const fileCorrected = await deps.fileCorrected(row, release, step);
      const written = await db.transaction((trx) => write(trx, { ...deciding, correct, fileCorrected }, taskId));
      await failpoints.hit('decide.commit.after');
      if (!written.command) return awaited(written.id, row.id, taskId);
      await deps.commands.send(written.command);
      return answerOf(written.id);
    },

    async decideBySystem({ caseId, step: stepId, outcome, at, reason }) {
      const found: CaseRow = await db('case').where({ id: caseId }).first();
      const release = await deps.release(found.release_id);
      const step = release.package.steps[stepId];
      const open: TaskRow | undefined = await db('task')
        .where({ case_id: caseId, step: stepId, state: 'open' })
        .whereNull('ended_at')
        .first();
      if (!open || !step) return null;
      const correct = await deps.correct(found, release, open);
      const command = await db.transaction(async (trx) => {
        const row = await lockCase(trx, caseId, correct);
        const task: TaskRow = await trx('task').where({ id: open.id }).forUpdate().first();
        if (task.state !== 'open' || task.ended_at || isMoving(row)) return null;
        const ruling = { row, release, step, outcome: outcomeOf(step, outcome), at, personId: null, correct };
        return (await rule(trx, task, { ...ruling, detail: { reason, deemed: true } })).command!;
      });
      if (command) await deps.commands.send(command);
      return command;
    },
  };

  /** A correction may move the case; all else only keeps moves away. */
  function lockCase(trx: Knex.Transaction, caseId: string, correct: Deciding['correct']): Promise<CaseRow> {
    const found = trx('case').where({ id: caseId }).first();
    return correct ? found.forUpdate() : found.forShare();
  }

  async function find(who: Who, taskId: string): Promise<{ task: TaskRow; row: CaseRow }> {
    const task: TaskRow | undefined = await db('task').where({ id: taskId }).first();
    const row: CaseRow | undefined = task?.case_id ? await db('case').where({ id: task.case_id }).first() : undefined;
    if (!task || !row || !(await deps.mayRead(who, row))) throw notFound();
    return { task, row };
  }

  /** Lock order everywhere: case, task, group rows, decision, the rest (ENGINE.md 23). */
  async function write(trx: Knex.Transaction, deciding: Deciding, taskId: string): Promise<Written> {
    const { who, release, step, outcome, body } = deciding;
    const row = await lockCase(trx, deciding.row.id, deciding.correct);
    if (isMoving(row)) throw caseMoving({ retryAfter: 2 });
    const task: TaskRow = await trx('task').where({ id: taskId }).forUpdate().first();
    const at = core.time.now();
    await deps.fixAnswerers(trx, task, { row, step, steps: release.package.steps }, at);
    await checkTask(trx, { ...deciding, row }, task);
    const ruling: Ruling = {
      row,
      release,
      step,
      outcome,
      at,
      personId: who.personId,
      grant: grantFor(who, await groupsOfTask(trx, taskId)),
      opinion: body.opinion,
      correct: deciding.correct,
      detail: { ...(body.pins.length > 0 && { pins: body.pins }), ...(body.reason && { reason: body.reason }) },
      ...(body.occurredAt && { occurredAt: new Date(body.occurredAt) }),
    };
    await trx('opinion_draft').where({ task_id: taskId, person_id: who.personId }).delete();
    const written = await (step.quorum ? answer(trx, who, task, ruling) : rule(trx, task, ruling));
    await deciding.fileCorrected?.(trx, who.personId);
    return written;
  }

  /** One of several answers; the last needed one brings the decision. */
  async function answer(trx: Knex.Transaction, who: Who, task: TaskRow, ruling: Ruling): Promise<Written> {
    const { row, step, outcome, at } = ruling;
    const answerers = await answerersOf(trx, task.id);
    const [answerer] = speaksFor(who, answerers).open;
    const grant = grantFor(who, [answerer!]);
    const [{ id }] = await trx('answer')
      .insert({
        task_id: task.id,
        case_id: row.id,
        step: step.id,
        answerer,
        person_id: who.personId,
        role: grant?.role ?? null,
        office: grant?.office ?? null,
        outcome: outcome.id,
        opinion: ruling.opinion || null,
        detail: JSON.stringify(ruling.detail),
        answered_at: at,
      })
      .returning('id');
    await withdrawOffer(trx, task.id, answerer!);
    await tell(trx, 'task.answer', task, { ...ruling, grant });
    const given = await trx('answer').where({ task_id: task.id, state: 'given' }).orderBy('position');
    const result = tally(
      step.quorum!,
      step.outcomes,
      answerers.length,
      given.map((one) => one.outcome),
    );
    if (!result.ended) return { id };
    const agreed = given.filter((one) => one.outcome === result.outcome);
    const pins = agreed.flatMap((one) => one.detail.pins ?? []);
    const reason = agreed.flatMap((one) => one.detail.reason ?? []).join('；');
    return rule(trx, task, {
      ...ruling,
      grant,
      outcome: outcomeOf(step, result.outcome),
      detail: { answers: given.length, ...(pins.length > 0 && { pins }), ...(reason && { reason }) },
    });
  }

  async function rule(trx: Knex.Transaction, task: TaskRow, ruling: Ruling): Promise<Written> {
    const { row, release, step, outcome, at, personId, grant, detail } = ruling;
    const form = step.edits?.form ?? step.form;
    const version = form ? await deps.forms.close(trx, { owner: row.id, form, by: personId, at }) : null;
    const sets = await valuesSet(trx, row.id, step, release.package);
    const [decision] = await trx('decision')
      .insert({
        task_id: task.id,
        case_id: row.id,
        step: step.id,
        person_id: personId,
        role: grant?.role ?? null,
        office: grant?.office ?? null,
        outcome: outcome.id,
        opinion: ruling.opinion || null,
        detail: JSON.stringify({ ...detail, ...(step.sets && { sets }) }),
        data_version: version,
        decided_at: at,
      })
      .returning('id');
    await trx('task')
      .where({ id: task.id })
      .update({ state: 'deciding', holder: step.quorum ? null : personId, version: task.version + 1 });
    const action = detail.deemed ? 'task.deemed' : detail.answers ? 'task.concluded' : 'task.decide';
    await tell(trx, action, task, ruling, version);
    const correction = ruling.correct?.(outcome.id);
    await correction?.decided(trx);
    const variables = { ...correction?.set, ...sets, [`${step.id}_outcome`]: outcome.id };
    const command = correction?.send
      ? await correction.send(trx, row, { id: decision.id, by: personId, at, set: variables })
      : await deps.commands.add(trx, {
          caseId: row.id,
          kind: 'complete',
          payload: { taskId: task.id, variables },
          decisionId: decision.id,
        });
    return { id: decision.id, command };
  }

  /** A line of the time line. What several concluded is nobody's own line. */
  async function tell(
    trx: Knex.Transaction,
    action: 'task.decide' | 'task.answer' | 'task.concluded' | 'task.deemed',
    task: TaskRow,
    { row, step, outcome, personId, grant, opinion, detail, occurredAt, at }: Ruling,
    version: number | null = null,
  ): Promise<void> {
    const own = action === 'task.decide' || action === 'task.answer';
    await deps.audit.write(trx, {
      caseId: row.id,
      ...(own && { personId, role: grant?.role, office: grant?.office }),
      action,
      step: step.id,
      visit: task.visit ?? undefined,
      occurredAt: action === 'task.deemed' ? at : occurredAt,
      detail: {
        stepName: step.name.zh,
        outcome: outcome.id,
        outcomeTitle: { zh: outcome.zh, en: outcome.en },
        ...(own && { opinion }),
        ...detail,
        article: outcome.basis,
        dataVersion: version,
      },
    });
  }

  /** Who has answered no longer has the task among the open ones; rows that another answerer needs stay. */
  async function withdrawOffer(trx: Knex.Transaction, taskId: string, answerer: string): Promise<void> {
    const open = (await answerersOf(trx, taskId)).filter(({ answered }) => !answered);
    const role = answerer.split('@')[0];
    const query = trx('task_group').where({ task_id: taskId });
    const shared = open.some((other) => other.answerer.split('@')[0] === role);
    if (shared || !answerer.includes('@')) await query.where({ grp: answerer }).delete();
    else await query.whereRaw(`split_part(grp, '@', 1) = ?`, [role]).delete();
  }

  async function checkTask(
    trx: Knex,
    { who, row, release, step, outcome, body }: Deciding,
    task: TaskRow,
  ): Promise<void> {
    if (task.ended_at) throw taskEnded({ facts: await whoEnded(trx, task.id) });
    if (task.state === 'deciding') throw taskDeciding({ facts: await whoEnded(trx, task.id) });
    await checkTurn(trx, who, step, task);
    if (task.version !== body.version) throw stale({ facts: { version: task.version } });
    if (outcome.once) {
      const before = await trx('decision')
        .where({ case_id: row.id, step: step.id, outcome: outcome.id, state: 'done' })
        .first('decided_at');
      if (before)
        throw notNow({
          zh: `${shanghaiDay(before.decided_at)} 已办过「${outcome.zh}」，只能一次${outcome.basis ? `（${outcome.basis}）` : ''}`,
          en: `“${outcome.en}” was decided before; only once`,
        });
    }
    const exclusion = (await deps.exclusions.of(trx, { row, step, steps: release.package.steps }, [who.personId])).get(
      who.personId,
    );
    if (exclusion) throw excluded(exclusion);
  }

  async function checkTurn(trx: Knex, who: Who, step: Step, task: TaskRow): Promise<void> {
    const answerers = step.quorum ? await answerersOf(trx, task.id) : [];
    if (answerers.length > 0) {
      const { open, answered } = speaksFor(who, answerers);
      if (answered) throw alreadyAnswered();
      if (open.length === 0) throw notYours();
      return;
    }
    if (!mayTake(who, await groupsOfTask(trx, task.id))) throw notYours();
    if (task.holder && task.holder !== who.personId) throw heldByOther();
    if (task.owner) throw delegated();
  }

  async function whoEnded(trx: Knex, taskId: string): Promise<Record<string, unknown>> {
    const by = await trx('decision as d')
      .leftJoin('person as p', 'p.id', 'd.person_id')
      .where('d.task_id', taskId)
      .whereNot('d.state', 'blocked')
      .first('p.name', 'd.decided_at', 'd.outcome', 'd.state');
    return by ? { by: by.name, at: by.decided_at, outcome: by.outcome, state: by.state } : {};
  }

  function checkNeeds({ outcome, body }: Deciding): void {
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
  async function checkForms({ row, step, outcome }: Deciding): Promise<void> {
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

  async function awaited(id: string, caseId: string, taskId: string): Promise<DecideAnswer> {
    const left = (await answerersOf(db, taskId)).filter(({ answered }) => !answered).length;
    return {
      decisionId: id,
      caseId,
      state: 'done',
      message: { zh: `意见已提交，还等 ${left} 方`, en: `Your answer is recorded; ${left} more are awaited` },
    };
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

function outcomeOf(step: Step, id: string): Outcome {
  const outcome = step.outcomes.find((one) => one.id === id);
  if (outcome) return outcome;
  const zh = `可选：${step.outcomes.map((o) => o.zh).join('、')}`;
  throw outcomeUnknown({
    fields: [{ path: 'outcome', zh, en: `One of ${step.outcomes.map((o) => o.id).join(', ')}` }],
  });
}

const isMoving = (row: CaseRow) => row.moving !== null && new Date(row.moving.until) > new Date();

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
