import { useQuery } from '@tanstack/vue-query';
import { computed, toValue, type MaybeRefOrGetter } from 'vue';
import { useApi, usePages, type OfficeList, type PersonPage, type PersonView, type RoleList } from '../api/index.ts';

type Words = MaybeRefOrGetter<string | undefined>;

export function usePeople(q: Words) {
  return usePages<PersonPage>(['people'], '/people', () => ({ q: toValue(q) }));
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
  return usePages<OfficeList>(['offices'], '/offices', () => ({ q: toValue(q), open: open && 'true' }));
}

export function useRoles() {
  const api = useApi();
  return useQuery({ queryKey: ['roles'], queryFn: ({ signal }) => api.get<RoleList>('/roles', {}, signal) });
}
