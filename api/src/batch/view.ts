/** A batch as its owner sees it: what became of each task. */
import type { BatchItem, BatchRow, BatchView } from '../../../contracts/api/index.ts';
import type { Release } from '../../../contracts/flow.ts';
import type { Core } from '../core/index.ts';
import { decisionMessage, whatEnded } from '../tasks/index.ts';
import type { BatchOf, ItemOf } from './rows.ts';

interface Shown extends ItemOf {
  number: string;
  subject_name: string;
  release_id: string;
  step: string;
  step_name: string;
  decided: 'queued' | 'done' | 'overtaken' | 'blocked' | null;
  decided_at: Date | null;
  incident: string | null;
}

/** The state that people read of an item with its decision, if there is one. */
const STATE = `case when i.state <> 'sent' then i.state else coalesce(d.state, 'done') end`;
const DECISION = `left join lateral (
  select state, decided_at from decision d
  where d.task_id = i.task_id and d.detail->>'batch' = i.batch_id::text order by decided_at desc limit 1) d on true`;

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
        `select i.*, c.number, c.subject_name, c.release_id, t.step, t.name as step_name, d.state as decided, d.decided_at,
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
      state: item.state === 'sent' ? (item.decided ?? 'done') : item.state,
      message: await messageOf(item),
    };
  }

  async function messageOf(item: Shown): Promise<BatchItem['message']> {
    if (item.state !== 'sent') return item.reason;
    if (!item.decided || item.decided === 'done') return null;
    const said = decisionMessage(item.decided, item.decided_at!, item.incident ?? undefined);
    if (item.decided !== 'overtaken') return said;
    const ended = await whatEnded(db, { ...item, id: item.task_id }, await deps.release(item.release_id));
    return { zh: ended.zh ?? said.zh, en: ended.en ?? said.en };
  }
}
