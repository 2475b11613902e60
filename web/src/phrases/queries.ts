import { useQuery } from '@tanstack/vue-query';
import { computed, toValue, type MaybeRefOrGetter } from 'vue';
import { useApi, type PhraseList } from '../api/index.ts';

export interface PhrasePlace {
  flow: string;
  step: string;
}

export function usePhrases(place: MaybeRefOrGetter<PhrasePlace>, wanted: MaybeRefOrGetter<boolean>) {
  const api = useApi();
  return useQuery({
    queryKey: ['phrases', computed(() => ({ ...toValue(place) }))],
    queryFn: ({ signal }) => api.get<PhraseList>('/phrases', { ...toValue(place) }, signal),
    enabled: computed(() => toValue(wanted)),
  });
}
