import type { BatchItem, BatchState } from '../../../contracts/api/index.ts';

export interface Text {
  zh: string;
  en: string;
}

/** Rows as the database has them. */
export interface BatchOf {
  id: string;
  person_id: string;
  act: 'decide' | 'transfer';
  title: Text;
  outcome: string | null;
  to_person: string | null;
  needs: ('opinion' | 'reason')[];
  opinion: string;
  reason: string;
  state: BatchState;
  asked_at: Date | null;
  hold_until: Date | null;
}

export interface ItemOf {
  batch_id: string;
  task_id: string;
  case_id: string | null;
  position: number;
  /** Of the task, as it was checked. */
  version: number;
  state: Extract<BatchItem['state'], 'ready' | 'refused' | 'held' | 'undone'> | 'sent';
  reason: Text | null;
}

/** Tasks of a batch are looked at side by side, as many as leaves the database to others. */
const AT_ONCE = 4;

export async function someAtOnce<T, R>(all: T[], act: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < all.length; at += AT_ONCE)
    results.push(...(await Promise.all(all.slice(at, at + AT_ONCE).map(act))));
  return results;
}
