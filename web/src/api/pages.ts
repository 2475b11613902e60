import { useInfiniteQuery, type InfiniteData, type QueryKey, type QueryMeta } from '@tanstack/vue-query';
import { computed, toValue, type MaybeRefOrGetter } from 'vue';
import { useApi, type Query } from './client.ts';

export interface PagesOptions {
  meta?: QueryMeta;
  /** In ms. */
  refetchInterval?: number;
  /** What was there stays until the new words are answered. */
  keep?: boolean;
  enabled?: MaybeRefOrGetter<boolean>;
}

/**
 * A list that the api gives page by page: what comes after `next` is the following one. Asked anew when path or query
 * change.
 * @param name what it is called where it is told that it has changed
 */
export function usePages<P extends { next: string | number | null }>(
  name: readonly MaybeRefOrGetter<string | undefined>[],
  path: MaybeRefOrGetter<string>,
  query: MaybeRefOrGetter<Query> = {},
  { meta, refetchInterval, keep, enabled }: PagesOptions = {},
) {
  const api = useApi();
  return useInfiniteQuery<P, Error, InfiniteData<P>, QueryKey, string | undefined>({
    queryKey: [
      ...name.map((part) => computed(() => toValue(part))),
      computed(() => toValue(path)),
      computed(() => toValue(query)),
    ],
    queryFn: ({ pageParam, signal }) => api.get<P>(toValue(path), { ...toValue(query), after: pageParam }, signal),
    initialPageParam: undefined,
    getNextPageParam: ({ next }) => (next === null ? undefined : String(next)),
    meta,
    refetchInterval,
    placeholderData: keep ? (before) => before : undefined,
    enabled: computed(() => toValue(enabled) ?? true),
  });
}
