import { useQuery } from '@tanstack/vue-query';
import { computed, toValue, type MaybeRefOrGetter } from 'vue';
import type { z } from 'zod';
import type { CatalogueItem as Item } from '../../../contracts/api/index.ts';
import { useApi, type Renewals, type StartCertificates } from '../api/index.ts';

export type CatalogueItem = z.infer<typeof Item>;

/** Everything that can be applied for; changes with a release only. */
export function useCatalogue() {
  const api = useApi();
  return useQuery({
    queryKey: ['catalogue'],
    queryFn: ({ signal }) => api.get<{ items: CatalogueItem[] }>('/catalogue', {}, signal),
    staleTime: 60_000,
  });
}

/** Certificates of a subject that a case of the flow can be about; asked once a subject is chosen. */
export function useSubjectCertificates(flow: MaybeRefOrGetter<string>, subject: MaybeRefOrGetter<string | undefined>) {
  const api = useApi();
  return useQuery({
    queryKey: ['start-certificates', computed(() => toValue(flow)), computed(() => toValue(subject))],
    queryFn: ({ signal }) =>
      api.get<StartCertificates>(`/catalogue/${toValue(flow)}/subjects/${toValue(subject)}/certificates`, {}, signal),
    enabled: computed(() => toValue(subject) !== undefined),
  });
}

/** Certificates that run out and the services that renew them. */
export function useRenewals() {
  const api = useApi();
  return useQuery({
    queryKey: ['renewals'],
    queryFn: ({ signal }) => api.get<Renewals>('/renewals', {}, signal),
  });
}
