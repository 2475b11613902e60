/** What was begun in a task that a move ended goes on in the task of the next visit (RULES, Decisions and moves). */
import type { Knex } from 'knex';
import type { CaseRow, EngineEvent } from '../engine/index.ts';

type Entry = Pick<EngineEvent, 'act_id' | 'act_inst' | 'task_id' | 'tx'>;

/**
 * Drafts always follow; answers that were given, and people who were added and are awaited, follow a straight back, where
 * the visit goes on as if it had not ended.
 */
export async function takeOver(trx: Knex.Transaction, row: CaseRow, entry: Entry): Promise<void> {
  const taskId = entry.task_id!;
  const before = await trx('step_visit')
    .where({ case_id: row.id, step: entry.act_id })
    .whereNot({ act_inst: entry.act_inst })
    .whereNotNull('task_id')
    .whereNotNull('left_at')
    .whereIn('thread', trx('step_visit').where({ act_inst: entry.act_inst }).select('thread'))
    .orderBy('left_at', 'desc')
    .first('task_id');
  if (!before) return;
  const old = { task_id: before.task_id };
  await trx('opinion_draft').where(old).update({ task_id: taskId });
  const straight = await trx('move')
    .where({ case_id: row.id, kind: 'straight-back' })
    .whereRaw('tx = ?::xid8', [entry.tx])
    .first('id');
  if (!straight) return;
  // A correction that was itself sent back still goes straight back to whoever asked for it first.
  await trx('move')
    .where({ started_task: before.task_id, kind: 'return', state: 'done' })
    .update({ started_task: taskId });
  await trx('answerer').where(old).update({ task_id: taskId });
  await trx('answer')
    .where({ ...old, state: 'given' })
    .update({ task_id: taskId });
  await trx('added_sign')
    .where(old)
    .whereIn('state', ['waiting', 'open'])
    .update({ task_id: taskId, state: trx.raw(`case when kind = 'after' then 'waiting' else state end`) });
  await offer(trx, taskId);
}

/** People who still have to answer are offered the task, and who has answered is not. */
async function offer(trx: Knex.Transaction, taskId: string): Promise<void> {
  const answered = trx('answer').where({ task_id: taskId, state: 'given' }).select('answerer');
  await trx('task_group').where({ task_id: taskId }).whereIn('grp', answered.clone()).delete();
  await trx.raw(
    `insert into task_group (task_id, grp)
     select r.task_id, r.answerer from answerer r
     where r.task_id = ? and r.answerer like 'person:%'
       and not exists (select from answer a where a.task_id = r.task_id and a.answerer = r.answerer and a.state = 'given')
     on conflict do nothing`,
    [taskId],
  );
}
