import { useQuery } from '@tanstack/vue-query';
import type { z } from 'zod';
import type { CatalogueItem as Item } from '../../../contracts/api/index.ts';
import { useApi } from '../api/index.ts';

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
