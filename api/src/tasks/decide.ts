/**
 * Deciding (architecture 5.1): one transaction of ours with decision, data version, audit, task state and command; then
 * the command is sent with nothing held; then the decision row says what became of it. Where several have to answer,
 * each answer is such a transaction, and only the last needed one brings a decision.
 */
import type { Knex } from 'knex';
import type { z } from 'zod';
import type { DecideAnswer, DecideBody, Pin } from '../../../contracts/api/index.ts';
import type { Outcome, Release, Step } from '../../../contracts/flow.ts';
import type { Audit } from '../audit/index.ts';
import type { Core, Grant, Who } from '../core/index.ts';
import type { Variables } from '../../../engine-adapters/port/index.ts';
import type { CaseRow, Commands } from '../engine/index.ts';
import { caseMoving, isMoving } from '../moves/index.ts';
import { answerersOf, speaksFor, type FixAnswerers } from './answerers.ts';
import type { Held } from './held.ts';
import { checkNeeds, outcomeOf, type Asked, type MayDecide } from './may-decide.ts';
import { timeOfDay } from './moment.ts';
import { grantFor, groupsOfTask, type TaskRow } from './rows.ts';
import { valuesSet } from './sets.ts';
import type { AwaitSigns } from './await-signs.ts';
import { tally } from './tally.ts';
import type { Turn } from './turn.ts';

export interface DecideDeps {
  commands: Commands;
  audit: Audit;
  may: MayDecide;
  fixAnswerers: FixAnswerers;
  /** Keeps a decision for which people were added after it. */
  awaitSigns: AwaitSigns;
  release(id: string): Promise<Release>;
  correct: Correct;
  fileCorrected: FileCorrected;
  forms: {
    close(
      trx: Knex.Transaction,
      closing: { owner: string; form: string; by: string | null; at: Date },
    ): Promise<number>;
  };
}

/** `held`: decided as of an earlier moment, in a batch. */
export type Decide = (who: Who, taskId: string, body: z.infer<typeof DecideBody>, held?: Held) => Promise<DecideAnswer>;

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

interface Deciding extends Asked {
  held: Held | undefined;
  fileCorrected: Awaited<ReturnType<FileCorrected>>;
  correct: ((outcome: string) => Correction) | null;
}

/** A decision as it is written: by a person, or by the system with nobody's grant. */
interface Ruling {
  row: CaseRow;
  release: Release;
  step: Step;
  outcome: Outcome;
  at: Date;
  personId: string | null;
  turn?: Turn;
  grant?: Grant;
  opinion?: string;
  detail: { pins?: Pin[]; reason?: string; answers?: number; deemed?: boolean; batch?: string };
  occurredAt?: Date;
  correct?: ((outcome: string) => Correction) | null;
}

interface Written {
  /** People who have to agree before the decision is carried out. */
  awaited?: string[];
  /** Absent where other answers are awaited. */
  command?: string;
  id: string;
}

export function createDecide(core: Core, deps: DecideDeps): { decide: Decide; decideBySystem: DecideBySystem } {
  const { db, failpoints } = core;

  return {
    async decide(who, taskId, body, held) {
      const { asked, task } = await deps.may.find(who, taskId, body);
      const { row, release, step, outcome } = asked;
      // Asked again under the lock; here so that nobody learns what is missing in a task that is not theirs.
      if (!held) await deps.may.checkTask(db, asked, task);
      checkNeeds(outcome, body);
      await deps.may.checkForms(asked);
      await failpoints.hit('decide.commit.before');
      const correct = await deps.correct(row, release, task);
      const fileCorrected = await deps.fileCorrected(row, release, step);
      const written = await db.transaction((trx) => write(trx, { ...asked, held, correct, fileCorrected }, taskId));
      await failpoints.hit('decide.commit.after');
      if (written.awaited) return submitted(written.id, row.id, written.awaited);
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

  /** Lock order everywhere: case, task, group rows, decision, the rest (ENGINE.md 23). */
  async function write(trx: Knex.Transaction, deciding: Deciding, taskId: string): Promise<Written> {
    const { who, release, step, outcome, body, held } = deciding;
    const row = await lockCase(trx, deciding.row.id, deciding.correct);
    if (isMoving(row)) throw caseMoving({ retryAfter: 2 });
    let task: TaskRow = await trx('task').where({ id: taskId }).forUpdate().first();
    if (held) {
      await held.take(trx);
      task = await trx('task').where({ id: taskId }).first();
    }
    const at = held?.at ?? core.time.now();
    await deps.fixAnswerers(trx, task, { row, step, steps: release.package.steps }, at);
    const turn = await deps.may.checkTask(trx, { ...deciding, row }, task);
    const answerers = step.quorum ? await answerersOf(trx, taskId) : [];
    const answerer = speaksFor(who, row, answerers).open[0]?.answerer ?? '';
    const submitting = { who, turn, answerer, row, step, outcome, body };
    const awaited = held && !held.batch ? null : await deps.awaitSigns(trx, submitting, task, at);
    if (awaited) return { id: taskId, awaited };
    const ruling: Ruling = {
      row,
      release,
      step,
      outcome,
      at,
      personId: who.personId,
      turn,
      grant: grantFor(turn.as, await groupsOfTask(trx, taskId)),
      opinion: body.opinion,
      correct: deciding.correct,
      detail: {
        ...(body.pins.length > 0 && { pins: body.pins }),
        ...(body.reason && { reason: body.reason }),
        ...(held?.batch && { batch: held.batch }),
      },
      ...(held && { occurredAt: held.at }),
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
    const { answerer, turn } = speaksFor(who, row, answerers).open[0]!;
    const grant = grantFor(turn.as, [answerer]);
    const [{ id }] = await trx('answer')
      .insert({
        task_id: task.id,
        case_id: row.id,
        step: step.id,
        answerer,
        person_id: who.personId,
        on_behalf_of: turn.for?.id ?? null,
        role: grant?.role ?? null,
        office: grant?.office ?? null,
        outcome: outcome.id,
        opinion: ruling.opinion || null,
        detail: JSON.stringify(ruling.detail),
        answered_at: at,
      })
      .returning('id');
    await trx('added_sign')
      .where({ task_id: task.id, state: 'open', kind: 'parallel' })
      .whereRaw(`'person:' || person_id = ?`, [answerer])
      .update({ state: 'given', opinion: ruling.opinion || null, given_by: who.personId, ended_at: at });
    await withdrawOffer(trx, task.id, answerer);
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
        on_behalf_of: ruling.turn?.for?.id ?? null,
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
      .update({
        state: 'deciding',
        holder: step.quorum ? null : (ruling.turn?.as.personId ?? null),
        version: task.version + 1,
      });
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
    { row, step, outcome, personId, turn, grant, opinion, detail, occurredAt, at }: Ruling,
    version: number | null = null,
  ): Promise<void> {
    const own = action === 'task.decide' || action === 'task.answer';
    await deps.audit.write(trx, {
      caseId: row.id,
      ...(own && { personId, onBehalfOf: turn?.for?.id, role: grant?.role, office: grant?.office }),
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

  function submitted(id: string, caseId: string, awaited: string[]): DecideAnswer {
    const names = awaited.join('、');
    const message = { zh: `已提交，等${names}加签确认后办理`, en: `Submitted; carried out when ${names} agree` };
    return { decisionId: id, caseId, state: 'held', message };
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

/** What the person is told about a decision (RULES, What people see). */
export function decisionMessage(
  state: 'held' | 'queued' | 'done' | 'overtaken' | 'blocked',
  now: Date,
  code?: string,
): { zh: string; en: string } {
  const time = timeOfDay(now);
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
