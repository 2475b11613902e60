import { useQueries, useQuery } from '@tanstack/vue-query';
import { computed, toValue, type MaybeRefOrGetter } from 'vue';
import { useApi, type AbsenceList, type AbsencePeople } from '../api/index.ts';

/** All that the reader may see, or those of one person. */
export function useAbsences(person?: MaybeRefOrGetter<string>) {
  const api = useApi();
  return useQuery({
    queryKey: ['absences', computed(() => toValue(person))],
    queryFn: ({ signal }) => api.get<AbsenceList>('/absences', { person: toValue(person) }, signal),
  });
}

export function useAbsencePeople(as: 'person' | 'deputy', q: MaybeRefOrGetter<string>) {
  const api = useApi();
  return useQuery({
    queryKey: ['absence-people', as, computed(() => toValue(q))],
    queryFn: ({ signal }) => api.get<AbsencePeople>('/absences/people', { for: as, q: toValue(q) }, signal),
  });
}

export function useAbsenceFlows() {
  const api = useApi();
  return useQuery({
    queryKey: ['absence-flows'],
    queryFn: ({ signal }) => api.get<{ rows: { id: string; title: string }[] }>('/absences/flows', {}, signal),
  });
}

interface Division {
  code: string;
  name: string;
}

/** The cities of a province, each with its counties. They hardly ever change. */
export function useCities(province: string) {
  const api = useApi();
  const below = (parent: string) => ({
    queryKey: ['divisions', parent],
    queryFn: ({ signal }: { signal: AbortSignal }) => api.get<{ rows: Division[] }>('/divisions', { parent }, signal),
    staleTime: Infinity,
  });
  const { data: cities } = useQuery(below(province));
  const counties = useQueries({ queries: computed(() => (cities.value?.rows ?? []).map(({ code }) => below(code))) });
  return computed(() =>
    (cities.value?.rows ?? []).map((city, i) => ({ ...city, counties: counties.value[i]?.data?.rows ?? [] })),
  );
}
