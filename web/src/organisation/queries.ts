import { useInfiniteQuery, useQuery } from '@tanstack/vue-query';
import { computed, toValue, type MaybeRefOrGetter } from 'vue';
import { useApi, type OfficeList, type PersonPage, type PersonView, type RoleList } from '../api/index.ts';

type Words = MaybeRefOrGetter<string | undefined>;

export function usePeople(q: Words) {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: ['people', computed(() => toValue(q))],
    queryFn: ({ pageParam, signal }) => api.get<PersonPage>('/people', { q: toValue(q), after: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

export function usePerson(id: MaybeRefOrGetter<string | null>) {
  const api = useApi();
  return useQuery({
    queryKey: ['person', computed(() => toValue(id))],
    queryFn: ({ signal }) => api.get<PersonView>(`/people/${toValue(id)}`, {}, signal),
    enabled: computed(() => toValue(id) !== null),
  });
}

/** `open`: without those that were ended. */
export function useOffices(q: Words, open?: 'open') {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: ['offices', open, computed(() => toValue(q))],
    queryFn: ({ pageParam, signal }) =>
      api.get<OfficeList>('/offices', { q: toValue(q), after: pageParam, open: open && 'true' }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

export function useRoles() {
  const api = useApi();
  return useQuery({ queryKey: ['roles'], queryFn: ({ signal }) => api.get<RoleList>('/roles', {}, signal) });
}
