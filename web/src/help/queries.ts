import { useQuery } from '@tanstack/vue-query';
import { computed, type Ref } from 'vue';
import { useRoute } from 'vue-router';
import { useApi, type Manual, type ManualId } from '../api/index.ts';
import { useSession } from '../identity/session.ts';

export function useManual(id: Ref<ManualId>) {
  const api = useApi();
  return useQuery({
    queryKey: ['manual', id],
    queryFn: ({ signal }) => api.get<Manual>(`/manuals/${id.value}`, {}, signal),
    staleTime: Infinity,
  });
}

/** Where the manual speaks of the page that is open: `meta.manual`, in the manual of one's own work unless it names one. */
export function useHere() {
  const route = useRoute();
  const session = useSession();
  return computed((): { manual: ManualId; section: string | undefined } => {
    const named = route.meta.manual ?? '';
    const [section = '', manual] = named.split('#').reverse();
    const own = session.me?.kind === 'staff' ? 'approver' : 'applicant';
    return { manual: (manual as ManualId | undefined) ?? own, section: section || undefined };
  });
}
