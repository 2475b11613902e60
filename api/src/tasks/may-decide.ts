/** Whether a person may decide a task so: asked before the forms are checked, again under the lock, and for batches. */
import type { Knex } from 'knex';
import type { z } from 'zod';
import type { DecideBody, Finding } from '../../../contracts/api/index.ts';
import type { Outcome, Release, Step } from '../../../contracts/flow.ts';
import type { Core, FieldProblem, Who } from '../core/index.ts';
import { invalidInput, notFound, shanghaiDay, stale } from '../core/index.ts';
import type { CaseRow } from '../engine/index.ts';
import type { Exclusions } from '../rights/index.ts';
import { answerersOf, speaksFor } from './answerers.ts';
import { whatEnded } from './ended.ts';
import { heldProblem } from './held.ts';
import { alreadyAnswered, excluded, notNow, notYours, outcomeUnknown, taskDeciding, taskEnded } from './problems.ts';
import type { TaskRow } from './rows.ts';
import { whyAwaited } from './signs.rows.ts';
import { checkTurn, exclusionOf, type Turn } from './turn.ts';

export interface MayDecideDeps {
  exclusions: Pick<Exclusions, 'of'>;
  release(id: string): Promise<Release>;
  mayRead(who: Who, row: CaseRow): Promise<boolean>;
  forms: { check(owner: string, form: string, step?: string, outcome?: string): Promise<Finding[]> };
}

/** What somebody wants to decide. */
export interface Asked {
  who: Who;
  row: CaseRow;
  release: Release;
  step: Step;
  outcome: Outcome;
  body: z.infer<typeof DecideBody>;
}

export interface MayDecide {
  /** What is asked, with the task as it is. @throws not-found, outcome-unknown */
  find(who: Who, taskId: string, body: Asked['body']): Promise<{ asked: Asked; task: TaskRow }>;
  /** In whose name; whether the task is open to this person for this outcome, and unchanged since it was seen. */
  checkTask(on: Knex, asked: Asked, task: TaskRow): Promise<Turn>;
  /** The step's own form has to be complete; what an applicant edits too. Warnings don't hold a decision up. */
  checkForms(asked: Pick<Asked, 'row' | 'step' | 'outcome'>): Promise<void>;
}

export function createMayDecide({ db }: Pick<Core, 'db'>, deps: MayDecideDeps): MayDecide {
  return {
    async find(who, taskId, body) {
      const task: TaskRow | undefined = await db('task').where({ id: taskId }).first();
      const row: CaseRow | undefined = task?.case_id ? await db('case').where({ id: task.case_id }).first() : undefined;
      if (!task || !row || !(await deps.mayRead(who, row))) throw notFound();
      const release = await deps.release(row.release_id);
      const step = release.package.steps[task.step];
      if (!step) throw notFound();
      return { asked: { who, row, release, step, outcome: outcomeOf(step, body.outcome), body }, task };
    },

    async checkTask(on, { who, row, release, step, outcome, body }, task) {
      if (task.ended_at) throw taskEnded(await whatEnded(on, task, release));
      if (task.state === 'deciding') throw taskDeciding((await whatEnded(on, task, release)) ?? {});
      if (task.state === 'held') throw await heldProblem(on, task.id, who.personId);
      const { turn, answerer } = await turnIn(on, who, row, step, task);
      const awaited = await whyAwaited(on, task.id, answerer);
      if (awaited) throw notNow(awaited);
      if (task.version !== body.version) throw stale({ facts: { version: task.version } });
      if (outcome.once) {
        const before = await on('decision')
          .where({ case_id: row.id, step: step.id, outcome: outcome.id, state: 'done' })
          .first('decided_at');
        if (before)
          throw notNow({
            zh: `${shanghaiDay(before.decided_at)} 已办过「${outcome.zh}」，只能一次${outcome.basis ? `（${outcome.basis}）` : ''}`,
            en: `“${outcome.en}” was decided before; only once`,
          });
      }
      const act = { row, step, steps: release.package.steps };
      const exclusion = await exclusionOf(deps.exclusions, on, act, turn);
      if (exclusion) throw excluded(exclusion);
      return turn;
    },

    async checkForms({ row, step, outcome }) {
      const form = step.edits?.form ?? (outcome.needs.includes('form') ? step.form : undefined);
      if (!form) return;
      const found = await deps.forms.check(row.id, form, step.id, outcome.id);
      const errors = found.filter(({ severity }) => severity === 'error');
      if (errors.length === 0) return;
      throw invalidInput({
        zh: `还差 ${errors.length} 项`,
        en: `${errors.length} items are missing`,
        fields: errors.map(({ path, zh, en }) => ({ path: `form/${path}`, zh, en })),
      });
    },
  };

  /** With the answerer for whom somebody speaks, where several answer. */
  async function turnIn(
    on: Knex,
    who: Who,
    row: CaseRow,
    step: Step,
    task: TaskRow,
  ): Promise<{ turn: Turn; answerer: string }> {
    const answerers = step.quorum ? await answerersOf(on, task.id) : [];
    if (answerers.length === 0) return { turn: await checkTurn(on, who, row, task), answerer: '' };
    const { open, answered } = speaksFor(who, row, answerers);
    if (answered) throw alreadyAnswered();
    if (open.length === 0) throw notYours();
    return open[0]!;
  }
}

/** @throws invalid with what the outcome needs and the decision does not bring */
export function checkNeeds(outcome: Outcome, body: Pick<Asked['body'], 'opinion' | 'reason' | 'pins'>): void {
  const fields: FieldProblem[] = [];
  if (outcome.needs.includes('opinion') && !body.opinion.trim())
    fields.push({ path: 'opinion', zh: '写明意见', en: 'Write an opinion' });
  if (outcome.needs.includes('reason') && !(body.reason ?? '').trim())
    fields.push({ path: 'reason', zh: `「${outcome.zh}」须写明理由`, en: `“${outcome.en}” needs a reason` });
  if (outcome.needs.includes('pins') && body.pins.length === 0)
    fields.push({ path: 'pins', zh: '逐项指明要补正或整改的内容', en: 'Name every item' });
  if (fields.length > 0) throw invalidInput({ fields });
}

/** @throws outcome-unknown */
export function outcomeOf(step: Step, id: string): Outcome {
  const outcome = step.outcomes.find((one) => one.id === id);
  if (outcome) return outcome;
  const zh = `可选：${step.outcomes.map((o) => o.zh).join('、')}`;
  throw outcomeUnknown({
    fields: [{ path: 'outcome', zh, en: `One of ${step.outcomes.map((o) => o.id).join(', ')}` }],
  });
}
