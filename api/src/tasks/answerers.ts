/** Who has to speak in a visit of a step: fixed when it is entered, read from then on (RULES, Answers). */
import type { Knex } from 'knex';
import type { Step } from '../../../contracts/flow.ts';
import type { Place, Who } from '../core/index.ts';
import type { Exclusions, ActOfStep } from '../rights/index.ts';
import { actsFor, groupsOfTask } from './rows.ts';
import { turnsOf, type Turn } from './turn.ts';

export interface Answerer {
  answerer: string;
  answered: boolean;
}

/** Answerers of a task with who has answered, in a fixed order; none for a step without a quorum. */
export async function answerersOf(db: Knex, taskId: string): Promise<Answerer[]> {
  return db('answerer as r')
    .leftJoin('answer as a', (on) =>
      on.on('a.task_id', 'r.task_id').andOn('a.answerer', 'r.answerer').andOnVal('a.state', 'given'),
    )
    .where('r.task_id', taskId)
    .orderBy('r.answerer')
    .select('r.answerer', db.raw('a.id is not null as answered'));
}

/** For which answerers a person may still speak, in whose name, own ones first; `answered` where it is done. */
export function speaksFor(
  who: Who,
  place: Place,
  answerers: Answerer[],
): { open: { answerer: string; turn: Turn }[]; answered: boolean } {
  const mine = turnsOf(who, place).flatMap((turn) =>
    answerers.filter(({ answerer }) => actsFor(turn.as, answerer)).map((one) => ({ ...one, turn })),
  );
  const open = mine.filter(({ answered }) => !answered);
  return { open, answered: mine.length > 0 && open.length === 0 };
}

export type FixAnswerers = (
  trx: Knex.Transaction,
  task: { id: string; due_on: string | null },
  act: ActOfStep & { step: Step },
  at: Date,
) => Promise<void>;

/**
 * Fixes the answerers of a step with a quorum, once. People are offered the task; who steps aside is left out.
 * Called when the step was entered, and by whoever decides before that is known.
 */
export function createFixAnswerers(exclusions: Pick<Exclusions, 'of'>): FixAnswerers {
  return async (trx, task, act, at) => {
    const { quorum } = act.step;
    if (!quorum || (await trx('answerer').where({ task_id: task.id }).first('task_id'))) return;
    const answerers = quorum.people
      ? await named(trx, act, quorum.people)
      : (await groupsOfTask(trx, task.id)).filter((group) => !group.endsWith('*'));
    if (answerers.length === 0) return;
    const rows = answerers.map((answerer) => ({ task_id: task.id, answerer, at }));
    await trx('answerer').insert(rows).onConflict().ignore();
    if (!quorum.people) return;
    const groups = answerers.map((grp) => ({ task_id: task.id, grp }));
    await trx('task_group').insert(groups).onConflict().ignore();
  };

  async function named(
    trx: Knex.Transaction,
    act: ActOfStep & { step: Step },
    { form, field }: { form: string; field: string },
  ): Promise<string[]> {
    const row = await trx('form_version').where({ owner: act.row.id, form }).orderBy('version', 'desc').first('data');
    const people: string[] = await trx('person')
      .whereIn('id', peopleIn(row?.data[field]))
      .whereNull('left_at')
      .orderBy('id')
      .pluck('id');
    const excluded = await exclusions.of(trx, act, people);
    return people.filter((id) => !excluded.has(id)).map((id) => `person:${id}`);
  }
}

const UUID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g;

/** Ids of people in the value of a field: one, a list, or things that have an `id`. */
function peopleIn(value: unknown): string[] {
  if (typeof value === 'string') return value.match(UUID) ?? [];
  if (Array.isArray(value)) return value.flatMap(peopleIn);
  return value !== null && typeof value === 'object' ? peopleIn((value as { id?: unknown }).id) : [];
}
