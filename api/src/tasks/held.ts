/** A task that somebody decides in a batch is out of everybody's reach until it is sent or the batch is undone. */
import type { Knex } from 'knex';
import type { Problem } from '../core/index.ts';
import { timeOfDay } from './moment.ts';
import { taskHeld } from './problems.ts';

/** An act that was asked for earlier and is carried out now. */
export interface Held {
  /** Absent for a decision that waited for those added after it. */
  batch?: string;
  /** When it was asked for: the legal moment of a decision. */
  at: Date;
  /** Called under the task's lock: makes the task open again, for this act. Throws where that was done before. */
  take(trx: Knex.Transaction): Promise<void>;
}

/** Why nobody may act on a held task now, as `me` reads it. */
export async function whyHeld(on: Knex, taskId: string, me: string): Promise<{ zh: string; en: string }> {
  const held: { id: string; name: string; until: Date | null } | undefined = await on('batch_item as i')
    .join('batch as b', 'b.id', 'i.batch_id')
    .join('person as p', 'p.id', 'b.person_id')
    .where({ 'i.task_id': taskId, 'i.state': 'held' })
    .first('p.id', 'p.name', { until: 'b.hold_until' });
  const until = held?.until ? timeOfDay(held.until, 'seconds') : null;
  const by = held?.id === me ? { zh: '您', en: 'You are' } : { zh: held?.name ?? '别人', en: `${held?.name} is` };
  return {
    zh: `${by.zh}正在批量办理${until ? `，${until} 发出` : ''}`,
    en: `${by.en} deciding it in a batch${until ? `, to be sent at ${until}` : ''}`,
  };
}

export async function heldProblem(on: Knex, taskId: string, me: string): Promise<Problem> {
  return taskHeld(await whyHeld(on, taskId, me));
}
