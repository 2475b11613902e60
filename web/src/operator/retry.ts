import { useQueryClient } from '@tanstack/vue-query';
import { useAction, useApi } from '../api/index.ts';
import { useNotices } from '../shell/notices.ts';

/** Tries again what an incident has stopped. `list`: the query that shows it. */
export function useRetry(list: string) {
  const api = useApi();
  const client = useQueryClient();
  const notices = useNotices();
  return useAction(async (key, incident: string, told: string) => {
    await api.post(`/incidents/${incident}/retry`, {}, { key });
    notices.show(told);
    await client.invalidateQueries({ queryKey: [list] });
  });
}
