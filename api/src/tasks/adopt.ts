/** Open tasks of a case that goes on under another release: the engine leaves their names and candidates as they were. */
import type { Knex } from 'knex';
import type { Release } from '../../../contracts/flow.ts';
import type { CaseRow } from '../engine/index.ts';
import { candidatesOf } from './candidates.ts';
import type { OfferTask } from './offer.ts';
import { groupsOfTask, type TaskRow } from './rows.ts';

/** Answerers of a step where several answer stay: they were fixed at its entry. */
export function createAdoptTasks(offerTask: OfferTask) {
  return async (trx: Knex.Transaction, row: CaseRow, from: Release, to: Release): Promise<void> => {
    const tasks: TaskRow[] = await trx('task')
      .where({ case_id: row.id })
      .whereNull('ended_at')
      .orderBy('id')
      .forUpdate();
    for (const { id, step: stepId, holder } of tasks) {
      const [was, is] = [from.package.steps[stepId], to.package.steps[stepId]];
      if (!was || !is) continue;
      await trx('task')
        .where({ id })
        .update({ name: is.name.zh, version: trx.raw('version + 1') });
      if (is.quorum || was.groups.join() === is.groups.join()) continue;
      await trx('task_group').where({ task_id: id }).delete();
      await offerTask(trx, { row, release: to, taskId: id });
      const people = await candidatesOf(trx, await groupsOfTask(trx, id));
      if (holder && !people.includes(holder)) await trx('task').where({ id }).update({ holder: null });
    }
  };
}
