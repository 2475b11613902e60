import { useQuery } from '@tanstack/vue-query';
import type { z } from 'zod';
import type { DraftRow as Row } from '../../../contracts/api/index.ts';
import { useApi } from '../api/index.ts';

export type DraftRow = z.infer<typeof Row>;

/** Applications that this person, or somebody else of the institution, has begun. */
export function useDrafts() {
  const api = useApi();
  return useQuery({
    queryKey: ['drafts'],
    queryFn: ({ signal }) => api.get<{ rows: DraftRow[] }>('/drafts', {}, signal),
  });
}
