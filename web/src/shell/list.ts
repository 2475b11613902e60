import type { InfiniteData, UseInfiniteQueryReturnType, UseQueryReturnType } from '@tanstack/vue-query';
import { computed, reactive, type Ref } from 'vue';

interface Page<R> {
  rows: R[];
  next: string | number | null;
}

/** The rows of a list that is loaded page by page, and what `ListPage` is bound to. */
export function useList<R>(query: UseInfiniteQueryReturnType<InfiniteData<Page<R>>, Error>) {
  const rows = computed(() => query.data.value?.pages.flatMap((page) => page.rows) ?? []);
  const list = reactive({
    ...shown(rows, query),
    more: query.hasNextPage,
    loadingMore: query.isFetchingNextPage,
    onMore: () => void query.fetchNextPage(),
  });
  return { rows, list };
}

/** The same for a list that comes as a whole; some of its rows may be left out. */
export function useWholeList<D, R>(query: UseQueryReturnType<D, Error>, rowsOf: (data: D) => R[]) {
  const rows = computed(() => (query.data.value ? rowsOf(query.data.value) : []));
  return { rows, list: reactive(shown(rows, query)) };
}

function shown(
  rows: Ref<unknown[]>,
  query: { isPending: Ref<boolean>; error: Ref<Error | null>; refetch(): Promise<unknown> },
) {
  const state = computed(() => {
    if (rows.value.length > 0) return 'rows' as const;
    if (query.isPending.value) return 'loading' as const;
    return query.error.value ? ('problem' as const) : ('empty' as const);
  });
  return { state, problem: query.error, onRetry: () => void query.refetch() };
}
