import { useQuery } from '@tanstack/vue-query';
import { useApi, type UnopenedDocuments } from '../api/index.ts';

/** Documents that were sent to whom this person acts for and that nobody has opened. */
export function useUnopened() {
  const api = useApi();
  return useQuery({
    queryKey: ['papers', 'unopened'],
    queryFn: ({ signal }) => api.get<UnopenedDocuments>('/unopened-documents', {}, signal),
    meta: { live: 'messages' },
  });
}
