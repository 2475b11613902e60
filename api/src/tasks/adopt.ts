/** Open tasks of a case that goes on under another release: the engine leaves their names and candidates as they were. */
import type { Knex } from 'knex';
import type { Release } from '../../../contracts/flow.ts';
import type { CaseRow } from '../engine/index.ts';
import type { Messages } from '../messages/index.ts';
import { candidatesOf } from './candidates.ts';
import type { OfferTask } from './offer.ts';
import { groupsOfTask, type TaskRow } from './rows.ts';

export interface AdoptDeps {
  offerTask: OfferTask;
  messages: Pick<Messages, 'send'>;
}

/**
 * Answerers of a step where several answer stay: they were fixed at its entry. A holder who may not act on the step any
 * more loses it, and is told.
 */
export function createAdoptTasks({ offerTask, messages }: AdoptDeps) {
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
      if (!holder || people.includes(holder)) continue;
      await trx('task').where({ id }).update({ holder: null });
      await tell(trx, row, holder, is.name.zh);
    }
  };

  async function tell(trx: Knex.Transaction, row: CaseRow, holder: string, step: string): Promise<void> {
    await messages.send(trx, {
      to: { personId: holder },
      caseId: row.id,
      kind: 'task.migrated',
      title: `「${step}」改由别的岗位办理`,
      body: `${row.number} ${row.title}：流程换用新版，这项待办不再由您办理。您的意见留作草稿。`,
      en: {
        title: `Another post decides “${step}” now`,
        body: `${row.number}: the case goes on under a new release; the task is no longer yours. Your opinion is kept.`,
      },
      link: `/cases/${row.id}`,
    });
  }
}
