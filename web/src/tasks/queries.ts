import { useQuery, useQueryClient, type QueryClient } from '@tanstack/vue-query';
import { toValue, type MaybeRefOrGetter } from 'vue';
import {
  useApi,
  usePages,
  type CaseListPage,
  type DoneRow,
  type InboxCounts,
  type InboxPage,
  type ListCounts,
  type ListName,
  type SavedFilter,
} from '../api/index.ts';
import type { ListFilter } from './filter.ts';

const PAGE = 50;

export function useInbox(filter: MaybeRefOrGetter<ListFilter>) {
  return usePages<InboxPage>(['inbox'], '/inbox', () => ({ ...toValue(filter), limit: PAGE }), {
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

/** A list of cases is not viewed in parts, nor sorted otherwise than by its newest. */
function conditions({ view: _, sort: __, ...rest }: ListFilter) {
  return { ...rest, limit: PAGE };
}

export function useDone(filter: MaybeRefOrGetter<ListFilter>) {
  return usePages<{ rows: DoneRow[]; next: string | null }>(['done'], '/done', () => conditions(toValue(filter)), {
    meta: { live: 'done' },
  });
}

export type CaseList = 'sent' | 'copied' | 'watched';

export function useCaseList(list: MaybeRefOrGetter<CaseList>, filter: MaybeRefOrGetter<ListFilter>) {
  const path = () => `/lists/${toValue(list)}`;
  return usePages<CaseListPage>(['case-list', list], path, () => conditions(toValue(filter)), {
    meta: { live: 'cases' },
  });
}

export function useListCounts() {
  const api = useApi();
  return useQuery({
    queryKey: ['list-counts'],
    queryFn: ({ signal }) => api.get<ListCounts>('/lists/counts', {}, signal),
    meta: { live: 'inbox' },
  });
}

/** Filters that were kept by name, of all lists. */
export function useSavedFilters() {
  const api = useApi();
  return useQuery({
    queryKey: ['saved-filters'],
    queryFn: ({ signal }) => api.get<{ rows: SavedFilter[] }>('/filters', {}, signal),
  });
}

export function useFilterChanges() {
  const api = useApi();
  const client = useQueryClient();
  const again = () => client.invalidateQueries({ queryKey: ['saved-filters'] });
  return {
    async save(filter: { list: ListName; name: string; query: string }): Promise<void> {
      await api.put('/filters', filter);
      await again();
    },
    async drop(id: string): Promise<void> {
      await api.delete(`/filters/${id}`);
      await again();
    },
  };
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
