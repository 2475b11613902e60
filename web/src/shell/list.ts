import type { InfiniteData, UseInfiniteQueryReturnType } from '@tanstack/vue-query';
import { computed, reactive } from 'vue';

interface Page<R> {
  rows: R[];
  next: string | number | null;
}

/** The rows of a list that is loaded page by page, and what `ListPage` is bound to. */
export function useList<R>(query: UseInfiniteQueryReturnType<InfiniteData<Page<R>>, Error>) {
  const rows = computed(() => query.data.value?.pages.flatMap((page) => page.rows) ?? []);
  const state = computed(() => {
    if (rows.value.length > 0) return 'rows' as const;
    if (query.isPending.value) return 'loading' as const;
    return query.error.value ? ('problem' as const) : ('empty' as const);
  });
  const list = reactive({
    state,
    problem: query.error,
    more: query.hasNextPage,
    loadingMore: query.isFetchingNextPage,
    onMore: () => void query.fetchNextPage(),
    onRetry: () => void query.refetch(),
  });
  return { rows, list };
}
