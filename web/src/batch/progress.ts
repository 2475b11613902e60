import { onScopeDispose, ref, type Ref } from 'vue';
import type { BatchItem, BatchRow } from '../api/index.ts';

/** What became of the items: in hand, carried out, not carried out. */
export interface Progress {
  all: number;
  waiting: number;
  done: number;
  not: number;
}

const WAITING: BatchItem['state'][] = ['ready', 'held', 'queued', 'confirming'];
const NOT: BatchItem['state'][] = ['refused', 'overtaken', 'blocked', 'undone', 'returned'];

export function progressOf({ counts }: Pick<BatchRow, 'counts'>): Progress {
  const sum = (states: BatchItem['state'][]) => states.reduce((n, state) => n + (counts[state] ?? 0), 0);
  const [waiting, done, not] = [sum(WAITING), sum(['done']), sum(NOT)];
  return { all: waiting + done + not, waiting, done, not };
}

/** Whole seconds until a batch is sent, counted by the server when it answered at `answeredAt` of this page's clock. */
export function secondsLeft({ secondsLeft: left }: Pick<BatchRow, 'secondsLeft'>, answeredAt: number, now: number) {
  return left === null ? null : Math.max(0, Math.ceil(left - (now - answeredAt) / 1000));
}

/** This page's clock, moving while the caller lives. */
export function useNow(everyMs = 500): Ref<number> {
  const now = ref(Date.now());
  const timer = setInterval(() => (now.value = Date.now()), everyMs);
  onScopeDispose(() => clearInterval(timer));
  return now;
}
