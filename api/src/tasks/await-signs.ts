/** A decision for which people were added after it: kept until they agree (RULES, Answers). */
import type { Knex } from 'knex';
import type { z } from 'zod';
import type { DecideBody } from '../../../contracts/api/index.ts';
import type { Step } from '../../../contracts/flow.ts';
import type { Audit } from '../audit/index.ts';
import type { Who } from '../core/index.ts';
import type { CaseRow } from '../engine/index.ts';
import type { Messages } from '../messages/index.ts';
import type { TaskRow } from './rows.ts';
import type { Turn } from './turn.ts';

export interface AwaitSignsDeps {
  audit: Pick<Audit, 'write'>;
  messages: Pick<Messages, 'send'>;
}

export interface Submitting {
  who: Who;
  turn: Turn;
  /** For whom it answers, where several do; else empty. */
  answerer: string;
  row: CaseRow;
  step: Step;
  outcome: { id: string; zh: string; en: string };
  body: z.infer<typeof DecideBody>;
}

/** Keeps a decision until those added after it have agreed; answers whose names it waits for, null where nobody was added. Under the task's lock. */
export function createAwaitSigns({ audit, messages }: AwaitSignsDeps) {
  return async (
    trx: Knex.Transaction,
    { who, turn, answerer, row, step, outcome, body }: Submitting,
    task: TaskRow,
    at: Date,
  ): Promise<string[] | null> => {
    const waiting: { id: string; person_id: string; name: string }[] = await trx('added_sign as s')
      .join('person as p', 'p.id', 's.person_id')
      .where({ 's.task_id': task.id, 's.state': 'waiting', 's.answerer': answerer })
      .orderBy('p.name')
      .select('s.id', 's.person_id', 'p.name');
    if (waiting.length === 0) return null;
    await trx('submission').insert({
      task_id: task.id,
      answerer,
      person_id: who.personId,
      login: who.login,
      body: JSON.stringify(body),
      at,
    });
    await trx('added_sign')
      .whereIn(
        'id',
        waiting.map(({ id }) => id),
      )
      .update({ state: 'open' });
    // What one of several submits changes nothing for the others.
    if (!answerer)
      await trx('task')
        .where({ id: task.id })
        .update({ holder: turn.as.personId, version: task.version + 1 });
    const names = waiting.map(({ name }) => name);
    await audit.write(trx, {
      caseId: row.id,
      personId: who.personId,
      onBehalfOf: turn.for?.id,
      action: 'task.submitted',
      step: step.id,
      visit: task.visit ?? undefined,
      detail: {
        stepName: step.name.zh,
        outcome: outcome.id,
        outcomeTitle: { zh: outcome.zh, en: outcome.en },
        opinion: body.opinion,
        to: names.join('、'),
      },
    });
    for (const { person_id: personId } of waiting)
      await messages.send(trx, {
        to: { personId },
        caseId: row.id,
        kind: 'task',
        title: `请您加签确认：${step.name.zh}`,
        body: `${row.number} ${row.title}：「${outcome.zh}」`,
        link: `/cases/${row.id}?task=${task.id}`,
      });
    return names;
  };
}

export type AwaitSigns = ReturnType<typeof createAwaitSigns>;
