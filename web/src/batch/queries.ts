import { useQuery } from '@tanstack/vue-query';
import { computed, toValue, type MaybeRefOrGetter } from 'vue';
import { useApi, usePages, type BatchPage, type BatchView } from '../api/index.ts';
import { useSession } from '../identity/session.ts';

const PAGE = 40;
/** Whoever sent a batch elsewhere sees it here in time to undo it. */
const REFRESH_MS = 10_000;

/** One's batches that are not done with. */
export function useOpenBatches() {
  const api = useApi();
  const session = useSession();
  return useQuery({
    queryKey: ['batches', 'open'],
    queryFn: ({ signal }) => api.get<BatchPage>('/batches', { open: true }, signal),
    enabled: computed(() => session.me?.kind === 'staff'),
    refetchInterval: REFRESH_MS,
    meta: { live: 'batches' },
  });
}

export function useBatches() {
  return usePages<BatchPage>(['batches', 'list'], '/batches', { limit: PAGE }, { meta: { live: 'batches' } });
}

export function useBatch(id: MaybeRefOrGetter<string>) {
  const api = useApi();
  return useQuery({
    queryKey: ['batches', 'one', computed(() => toValue(id))],
    queryFn: ({ signal }) => api.get<BatchView>(`/batches/${toValue(id)}`, {}, signal),
    meta: { live: 'batches' },
  });
}
