import { useQuery } from '@tanstack/vue-query';
import { computed, toValue, type MaybeRefOrGetter } from 'vue';
import { useApi, type PhraseList } from '../api/index.ts';

export interface PhrasePlace {
  flow: string;
  step: string;
}

/** All that a person may use, wherever they are for. */
export function useAllPhrases() {
  const api = useApi();
  return useQuery({
    queryKey: ['phrases'],
    queryFn: ({ signal }) => api.get<PhraseList>('/phrases', {}, signal),
  });
}

export function usePhrases(place: MaybeRefOrGetter<PhrasePlace>, wanted: MaybeRefOrGetter<boolean>) {
  const api = useApi();
  return useQuery({
    queryKey: ['phrases', computed(() => ({ ...toValue(place) }))],
    queryFn: ({ signal }) => api.get<PhraseList>('/phrases', { ...toValue(place) }, signal),
    enabled: computed(() => toValue(wanted)),
  });
}
