import { useInfiniteQuery, useQuery, type QueryClient } from '@tanstack/vue-query';
import { computed, toValue, type MaybeRefOrGetter } from 'vue';
import { useApi, type DoneRow, type InboxCounts, type InboxPage } from '../api/index.ts';

/** What the address of the inbox says. */
export interface InboxFilter {
  view: 'open' | 'mine';
  q?: string;
  flow?: string;
  step?: string;
  due?: string;
}

const PAGE = 50;

export function useInbox(filter: MaybeRefOrGetter<InboxFilter>) {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: ['inbox', computed(() => toValue(filter))],
    queryFn: ({ pageParam, signal }) =>
      api.get<InboxPage>('/inbox', { ...toValue(filter), after: pageParam, limit: PAGE }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: InboxPage) => page.next ?? undefined,
    meta: { live: 'inbox' },
  });
}

export function useInboxCounts() {
  const api = useApi();
  return useQuery({
    queryKey: ['inbox-counts'],
    queryFn: ({ signal }) => api.get<InboxCounts>('/inbox/counts', {}, signal),
    meta: { live: 'inbox' },
  });
}

export function useDone(filter: MaybeRefOrGetter<{ q?: string }>) {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: ['done', computed(() => toValue(filter))],
    queryFn: ({ pageParam, signal }) =>
      api.get<{ rows: DoneRow[]; next: string | null }>(
        '/done',
        { ...toValue(filter), after: pageParam, limit: PAGE },
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    meta: { live: 'done' },
  });
}

/** Counts are exact up to 999 and read 999+ above. */
export function countText(count: number): string {
  return count > 999 ? '999+' : `${count}`;
}

/** The list that a task was opened from, as it was last seen: its place, and the tasks before and after it. */
export function placeInList(client: QueryClient, taskId: string) {
  const lists = client
    .getQueryCache()
    .findAll({ queryKey: ['inbox'] })
    .sort((a, b) => b.state.dataUpdatedAt - a.state.dataUpdatedAt);
  for (const { state } of lists) {
    const rows = (state.data as { pages: InboxPage[] } | undefined)?.pages.flatMap((page) => page.rows) ?? [];
    const at = rows.findIndex((row) => row.taskId === taskId);
    if (at >= 0) return { at, before: rows[at - 1], after: rows[at + 1] };
  }
  return null;
}
