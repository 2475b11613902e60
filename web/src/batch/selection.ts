import { computed, shallowRef, toValue, type ComputedRef, type MaybeRefOrGetter } from 'vue';
import type { InboxRow } from '../api/index.ts';

/** More are not taken in one batch. */
export const MOST = 200;

export interface Selection {
  /** Chosen rows that are still listed, in the order of the list. */
  chosen: ComputedRef<InboxRow[]>;
  /** Chosen rows that have left the list meanwhile, until something else is chosen or all is cleared. */
  gone: ComputedRef<InboxRow[]>;
  has(row: InboxRow): boolean;
  /** Turns one row; with `range` all from the row that was turned last up to this one. */
  toggle(row: InboxRow, range?: boolean): void;
  /** Chooses all of these, or none where all are chosen or no more may be. */
  toggleAll(rows: InboxRow[]): void;
  all(rows: InboxRow[]): 'all' | 'some' | 'none';
  /** No more may be chosen. */
  full: ComputedRef<boolean>;
  clear(): void;
}

/** Which rows of a list are chosen. A row that leaves the list is chosen no more. */
export function useSelection(listed: MaybeRefOrGetter<InboxRow[]>): Selection {
  const ids = shallowRef(new Map<string, InboxRow>());
  let last: string | undefined;
  const chosen = computed(() => toValue(listed).filter((row) => ids.value.has(row.taskId)));
  const gone = computed(() => {
    const there = new Set(toValue(listed).map((row) => row.taskId));
    return [...ids.value.values()].filter((row) => !there.has(row.taskId));
  });
  const full = computed(() => chosen.value.length >= MOST);
  const has = (row: InboxRow) => ids.value.has(row.taskId);

  function set(rows: InboxRow[], on: boolean) {
    const next = new Map(chosen.value.map((row) => [row.taskId, row]));
    for (const row of rows) {
      if (!on) next.delete(row.taskId);
      else if (next.size < MOST) next.set(row.taskId, row);
    }
    ids.value = next;
  }

  return {
    chosen,
    gone,
    has,
    toggle(row, range = false) {
      const rows = toValue(listed);
      const from = range ? rows.findIndex((one) => one.taskId === last) : -1;
      const to = rows.findIndex((one) => one.taskId === row.taskId);
      const on = !has(row);
      set(from < 0 ? [row] : rows.slice(Math.min(from, to), Math.max(from, to) + 1), on);
      last = row.taskId;
    },
    toggleAll: (rows) => set(rows, !rows.every(has) && !full.value),
    full,
    all: (rows) => (rows.length > 0 && rows.every(has) ? 'all' : rows.some(has) ? 'some' : 'none'),
    clear: () => set(chosen.value, false),
  };
}
