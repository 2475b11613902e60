/** What happened to a task that somebody else was faster with. */
import type { Knex } from 'knex';
import type { Release } from '../../../contracts/flow.ts';
import { notFound, type Core, type ProblemDetails, type Who } from '../core/index.ts';
import type { CaseRow } from '../engine/index.ts';
import { movesThatEnded } from '../moves/index.ts';
import { timeOfDay } from './moment.ts';

export interface FateDeps {
  release(id: string): Promise<Release>;
  mayRead(who: Who, row: CaseRow): Promise<boolean>;
}

export type Fate = (who: Who, taskId: string) => Promise<{ zh: string; en: string } | null>;

/** What became of a task, for somebody who may read its case: who has it by now, or what ended it. */
export function createFate({ db }: Pick<Core, 'db'>, { release, mayRead }: FateDeps): Fate {
  return async (who, taskId) => {
    const task = await db('task').where({ id: taskId }).first();
    const row: CaseRow | undefined = task?.case_id ? await db('case').where({ id: task.case_id }).first() : undefined;
    if (!row || !(await mayRead(who, row))) throw notFound();
    if (task.state === 'open' && !task.ended_at) {
      const holder = task.holder ? await db('person').where({ id: task.holder }).first('name') : undefined;
      return holder ? { zh: `${holder.name}已签收`, en: `Taken by ${holder.name}` } : null;
    }
    const { zh, en } = await whatEnded(db, task, await release(row.release_id));
    return zh && en ? { zh, en } : null;
  };
}

interface Move {
  kind: string;
  name: string | null;
  asked_at: Date;
  target: string | null;
}

/** Who decided it, or whose move ended it; empty where neither is known. */
export async function whatEnded(
  on: Knex,
  task: { id: string; step: string },
  release: Release,
): Promise<ProblemDetails> {
  const decided = await on('decision as d')
    .leftJoin('person as p', 'p.id', 'd.person_id')
    .where('d.task_id', task.id)
    .whereIn('d.state', ['queued', 'done'])
    .first('p.name', 'd.decided_at', 'd.outcome', 'd.state');
  if (decided) {
    const { name, decided_at: at, outcome, state } = decided;
    const title = release.package.steps[task.step]?.outcomes.find(({ id }) => id === outcome);
    return {
      zh: `${name ?? '期限届满，'} ${timeOfDay(at)} 已办「${title?.zh ?? outcome}」`,
      en: `${name ?? 'The limit ran out:'} decided “${title?.en ?? outcome}” at ${timeOfDay(at)}`,
      facts: { by: name, at, outcome, state },
    };
  }
  const move: Move | undefined = await movesThatEnded(on, task.id)
    .leftJoin('person as p', 'p.id', 'm.actor')
    .first('m.kind', 'p.name', 'm.asked_at', on.raw(`m.plan->'start'->0->>'name' as target`));
  if (!move) return {};
  const words = MOVES[move.kind] ?? { zh: '已把办件转到', en: 'moved the case to' };
  return {
    zh: `${move.name ?? '按流程，'} ${timeOfDay(move.asked_at)} ${words.zh}「${move.target}」`,
    en: `${move.name ?? 'The flow'} ${words.en} “${move.target}” at ${timeOfDay(move.asked_at)}`,
    facts: { by: move.name, at: move.asked_at, move: move.kind },
  };
}

const MOVES: Record<string, { zh: string; en: string }> = {
  return: { zh: '已退回到', en: 'sent the case back to' },
  'take-back': { zh: '已取回到', en: 'took the case back to' },
};
