/** Who was added to the tasks of a case, and what they said, as one person sees it. */
import type { Knex } from 'knex';
import type { SignView } from '../../../contracts/api/index.ts';
import type { Release } from '../../../contracts/flow.ts';
import type { Who } from '../core/index.ts';
import type { CaseRow } from '../engine/index.ts';
import type { Situation } from './offers.ts';
import type { TaskRow } from './rows.ts';
import { isAnswerer, signsOf, submissionOf, type SignRow } from './signs.rows.ts';
import { turnsOf } from './turn.ts';

type Named = SignRow & {
  name: string;
  visit: number | null;
  task_ended: Date | null;
  holder: string | null;
  person: string;
  by: string;
  giver: string | null;
};

/** In the order in which they were added. */
export async function signsOfCase(db: Knex, who: Who, row: CaseRow): Promise<SignView[]> {
  const rows: Named[] = await db('added_sign as s')
    .join('task as t', 't.id', 's.task_id')
    .join('person as p', 'p.id', 's.person_id')
    .join('person as b', 'b.id', 's.added_by')
    .leftJoin('person as g', 'g.id', 's.given_by')
    .where('s.case_id', row.id)
    .orderBy(['s.added_at', 's.id'])
    .select('s.*', 't.name', 't.visit', 't.holder', { task_ended: 't.ended_at' })
    .select({ person: 'p.name', by: 'b.name', giver: 'g.name' });
  const me = turnsOf(who, row).map((turn) => turn.as.personId);
  return rows.map((sign) => {
    const pending = sign.state === 'waiting' || sign.state === 'open';
    const mayRemove = pending && !sign.task_ended && (me.includes(sign.added_by) || me.includes(sign.holder ?? ''));
    return {
      id: sign.id,
      taskId: sign.task_id,
      stepName: sign.name,
      visit: sign.visit ?? 1,
      kind: sign.kind,
      person: sign.person,
      addedBy: sign.by,
      reason: sign.reason,
      state: pending && sign.task_ended ? 'void' : sign.state,
      agrees: sign.agrees,
      opinion: sign.opinion,
      givenBy: sign.given_by === sign.person_id ? null : sign.giver,
      at: (sign.ended_at ?? sign.added_at).toISOString(),
      remove: mayRemove ? REMOVE : null,
    };
  });
}

const REMOVE = {
  action: 'remove-sign',
  title: { zh: '减签', en: 'Remove' },
  enabled: true,
  needs: ['confirm' as const],
};

/** What a person was asked on a task; null where nothing is awaited from them. */
export async function askedOf(
  db: Knex,
  who: Who,
  row: CaseRow,
  task: Pick<TaskRow, 'id' | 'step'>,
  release: Release,
): Promise<Situation['sign']> {
  const step = release.package.steps[task.step];
  const me = turnsOf(who, row).map((turn) => turn.as.personId);
  const sign = (await signsOf(db, task.id)).find(
    (one) => one.state === 'open' && me.includes(one.person_id) && !isAnswerer(one, step),
  );
  if (!sign) return null;
  if (sign.kind !== 'after') return 'opinion';
  const { outcome: id } = (await submissionOf(db, sign))!.body as { outcome: string };
  const outcome = step?.outcomes.find((one) => one.id === id);
  return { confirms: { zh: outcome?.zh ?? id, en: outcome?.en ?? id } };
}
