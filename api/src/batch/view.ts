/** A batch as its owner sees it: what became of each task. */
import type { BatchItem, BatchRow, BatchView } from '../../../contracts/api/index.ts';
import type { Release } from '../../../contracts/flow.ts';
import type { Core } from '../core/index.ts';
import { decisionMessage, whatEnded, whyAwaited } from '../tasks/index.ts';
import type { BatchOf, ItemOf } from './rows.ts';

interface Shown extends Omit<ItemOf, 'state'> {
  state: BatchItem['state'];
  number: string;
  subject_name: string;
  release_id: string;
  step: string;
  step_name: string;
  decided_at: Date | null;
  incident: string | null;
}

/** The state that people read of an item: that of its decision, or how it stands with those added after it. */
const STATE = `case when i.state <> 'sent' then i.state when d.state is not null then d.state
  when exists (select from submission s
    where s.task_id = i.task_id and s.person_id = b.person_id and s.at = b.asked_at) then 'confirming'
  when exists (select from added_sign g
    where g.task_id = i.task_id and g.agrees = false and g.ended_at >= b.asked_at) then 'returned'
  else 'done' end`;
/** A decision that was confirmed by others first is known by its person and moment: those of the batch. */
const DECISION = `join batch b on b.id = i.batch_id left join lateral (
  select state, decided_at from decision d
  where d.task_id = i.task_id and (d.detail->>'batch' = i.batch_id::text
    or d.person_id = b.person_id and d.decided_at = b.asked_at)
  order by decided_at desc limit 1) d on true`;

export interface ViewBatch {
  view(batch: BatchOf): Promise<BatchView>;
  rows(batches: BatchOf[]): Promise<BatchRow[]>;
}

export function createViewBatch(
  core: Pick<Core, 'db' | 'time'>,
  deps: { release(id: string): Promise<Release> },
): ViewBatch {
  const { db, time } = core;

  async function rows(batches: BatchOf[]): Promise<BatchRow[]> {
    const { rows: counted } = await db.raw<{ rows: { batch_id: string; state: BatchItem['state']; n: number }[] }>(
      `select i.batch_id, ${STATE} as state, count(*)::int as n from batch_item i ${DECISION}
       where i.batch_id = any(?) group by 1, 2`,
      [batches.map(({ id }) => id)],
    );
    return batches.map(({ id, act, title, needs, opinion, reason, state, asked_at: at, hold_until: until }) => ({
      ...{ id, act, title, needs, opinion, reason, state },
      askedAt: at?.toISOString() ?? null,
      holdUntil: until?.toISOString() ?? null,
      secondsLeft: state === 'held' && until ? Math.max(0, (until.getTime() - time.now().getTime()) / 1000) : null,
      counts: Object.fromEntries(
        counted.filter((one) => one.batch_id === id).map((one) => [one.state, one.n]),
      ) as BatchRow['counts'],
    }));
  }

  return {
    rows,
    async view(batch) {
      const [row] = await rows([batch]);
      const { rows: items } = await db.raw<{ rows: Shown[] }>(
        `select i.*, ${STATE} as state, c.number, c.subject_name, c.release_id, t.step, t.name as step_name, d.decided_at,
           (select code from incident n where d.state = 'blocked' and n.case_id = i.case_id and n.kind = 'command'
            order by n.opened_at desc limit 1) as incident
         from batch_item i left join "case" c on c.id = i.case_id left join task t on t.id = i.task_id ${DECISION}
         where i.batch_id = ? order by i.position`,
        [batch.id],
      );
      return { ...row!, items: await Promise.all(items.map(shown)) };
    },
  };

  async function shown(item: Shown): Promise<BatchItem> {
    const { task_id: taskId, case_id: id, number, subject_name: subjectName, step_name: stepName } = item;
    return {
      taskId,
      case: id ? { id, number, subjectName, stepName } : null,
      state: item.state,
      message: await messageOf(item),
    };
  }

  async function messageOf(item: Shown): Promise<BatchItem['message']> {
    const { state, task_id: taskId } = item;
    if (state === 'confirming') return (await whyAwaited(db, taskId)) ?? null;
    if (state === 'returned') return refusalOf(taskId);
    if (state !== 'queued' && state !== 'blocked' && state !== 'overtaken') return item.reason;
    const said = decisionMessage(state, item.decided_at!, item.incident ?? undefined);
    if (state !== 'overtaken') return said;
    const ended = await whatEnded(db, { ...item, id: item.task_id }, await deps.release(item.release_id));
    return { zh: ended.zh ?? said.zh, en: ended.en ?? said.en };
  }
  /** Who did not agree last, and why. */
  async function refusalOf(taskId: string): Promise<BatchItem['message']> {
    const { name, opinion } = await db('added_sign as g')
      .join('person as p', 'p.id', 'g.person_id')
      .where({ 'g.task_id': taskId, 'g.agrees': false })
      .orderBy('g.ended_at', 'desc')
      .first('p.name', 'g.opinion');
    return { zh: `${name}不同意：${opinion}`, en: `${name} did not agree: ${opinion}` };
  }
}
