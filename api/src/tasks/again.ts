/** A step that is visited again goes back to whoever decided it. */
import type { Knex } from 'knex';
import { shanghaiDay, type Core } from '../core/index.ts';
import type { TaskRow } from './rows.ts';

/**
 * Gives an open task of a later visit to whoever decided the last visit of the step in its thread, where they still may act and aren't absent. They may release it.
 * @param mayAct ids of the people who may
 */
export async function goBack(
  trx: Knex.Transaction,
  { time }: Pick<Core, 'time'>,
  task: TaskRow,
  mayAct: string[],
): Promise<void> {
  if (task.holder || task.state !== 'open' || (task.visit ?? 1) === 1) return;
  const last = await trx('decision as d')
    .join('step_visit as v', 'v.task_id', 'd.task_id')
    .where({ 'd.case_id': task.case_id, 'v.step': task.step })
    .whereIn('d.state', ['done', 'void'])
    .whereIn('v.thread', trx('step_visit').where({ task_id: task.id }).select('thread'))
    .orderBy('d.decided_at', 'desc')
    .first('d.person_id');
  if (!last?.person_id || !mayAct.includes(last.person_id)) return;
  const today = shanghaiDay(time.now());
  const absent = await trx('absence')
    .where({ person_id: last.person_id, ended_at: null })
    .where('from_day', '<=', today)
    .where('to_day', '>=', today)
    .first('id');
  if (absent) return;
  await trx('task')
    .where({ id: task.id })
    .update({ holder: last.person_id, version: task.version + 1 });
}
