/** People added to a task for their opinion, as the database has them (RULES, Answers). */
import type { Knex } from 'knex';
import type { Step } from '../../../contracts/flow.ts';

export interface SignRow {
  id: string;
  task_id: string;
  case_id: string;
  kind: 'before' | 'parallel' | 'after';
  person_id: string;
  added_by: string;
  /** Whose answer it concerns, where several answer and one of them asked before or after the own; empty: the task. */
  answerer: string;
  reason: string;
  added_at: Date;
  /** `waiting`: after the decision, which has not been submitted. */
  state: 'waiting' | 'open' | 'given' | 'removed';
  agrees: boolean | null;
  opinion: string | null;
  given_by: string | null;
  ended_at: Date | null;
}

/** A decision that waits until all who were added after it agree. */
export interface Submission {
  task_id: string;
  /** As of `SignRow`. */
  answerer: string;
  person_id: string;
  login: string;
  body: unknown;
  at: Date;
}

export function signsOf(on: Knex, taskId: string): Promise<SignRow[]> {
  return on('added_sign').where({ task_id: taskId }).orderBy(['added_at', 'id']);
}

export async function submissionOf(
  on: Knex,
  of: Pick<SignRow, 'task_id' | 'answerer'>,
): Promise<Submission | undefined> {
  return on('submission').where({ task_id: of.task_id, answerer: of.answerer }).first();
}

/** Why a task cannot be decided, handed on, or answered by one of several, while opinions on that are awaited; undefined where none is. */
export async function whyAwaited(
  on: Knex,
  taskId: string,
  answerer = '',
): Promise<{ zh: string; en: string } | undefined> {
  const awaited: string[] = await on('added_sign as s')
    .join('person as p', 'p.id', 's.person_id')
    .where({ 's.task_id': taskId, 's.state': 'open', 's.answerer': answerer })
    .orderBy('p.name')
    .pluck('p.name');
  if (awaited.length === 0) return undefined;
  const names = awaited.join('、');
  const submitted = await on('submission as s')
    .join('person as p', 'p.id', 's.person_id')
    .where({ 's.task_id': taskId, 's.answerer': answerer })
    .first('p.name');
  return submitted
    ? {
        zh: `${submitted.name}已提交决定，等${names}加签确认`,
        en: `${submitted.name} has decided; ${names} confirm it`,
      }
    : { zh: `等${names}提出加签意见`, en: `The opinion of ${names} is awaited` };
}

/** Somebody added where several answer, as one more of them: such a person answers the step itself. */
export const isAnswerer = ({ kind }: Pick<SignRow, 'kind'>, step: Pick<Step, 'quorum'> | undefined): boolean =>
  kind === 'parallel' && step?.quorum != null;
