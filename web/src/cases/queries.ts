import { useQuery, useQueryClient, type QueryClient } from '@tanstack/vue-query';
import { computed, toValue, watch, type MaybeRefOrGetter, type Ref } from 'vue';
import type { LiveKind } from '../../../contracts/live.ts';
import type { TimelineGroup } from '../../../contracts/timeline.ts';
import {
  useApi,
  usePages,
  type PagesOptions,
  type CaseChanges,
  type CasePage,
  type CaseProgress,
  type CaseView,
  type Exits,
  type FlowDrawing,
  type ReturnTarget,
  type TakeBackView,
  type TimelinePage,
} from '../api/index.ts';

type Id = MaybeRefOrGetter<string>;
type When = MaybeRefOrGetter<boolean>;

/** While work goes on behind the screen, the case is looked at again this often. */
const BUSY_MS = 2_000;

/** Not given up by whoever leaves: the page of the case takes over what the preview beside the list has asked for. */
export function useCase(id: Id) {
  const api = useApi();
  return useQuery({
    queryKey: ['case', computed(() => toValue(id))],
    queryFn: () => api.get<CaseView>(`/cases/${toValue(id)}`),
    refetchInterval: ({ state }) => (isBusy(state.data) ? BUSY_MS : false),
    meta: { live: 'case' },
  });
}

/** Something is on its way that nobody on this screen does: a start, a move, a decision, work between two tasks. */
function isBusy(view: CaseView | undefined): boolean {
  if (!view || view.state === 'closed' || view.incident) return false;
  return (
    view.state === 'starting' ||
    view.moving ||
    view.tasks.length === 0 ||
    view.tasks.some((t) => t.state === 'deciding')
  );
}

function usePart<T>(id: Id, part: string, { live, when = true }: { live?: LiveKind; when?: When } = {}) {
  const api = useApi();
  return useQuery({
    queryKey: ['case', computed(() => toValue(id)), part],
    queryFn: () => api.get<T>(`/cases/${toValue(id)}/${part}`),
    enabled: computed(() => toValue(when)),
    ...(live && { meta: { live } }),
  });
}
export const useDrawing = (id: Id, when?: When) => usePart<FlowDrawing>(id, 'drawing', { when });
export const useProgress = (id: Id) => usePart<CaseProgress>(id, 'progress', { live: 'case' });
export const useChanges = (id: Id) => usePart<CaseChanges>(id, 'changes');

/** The lines of the case, oldest first, as far back as was asked for. */
export function useTimeline(
  id: Id,
  query: MaybeRefOrGetter<{ about?: TimelineGroup; q?: string }>,
  options: Pick<PagesOptions, 'keep' | 'enabled'>,
) {
  const name = ['case', () => toValue(id), 'timeline'];
  const path = () => `/cases/${toValue(id)}/timeline`;
  const lines = usePages<TimelinePage>(name, path, query, { meta: { live: 'case' }, ...options });
  const pages = computed(() => lines.data.value?.pages ?? []);
  return {
    ...lines,
    entries: computed(() => pages.value.toReversed().flatMap(({ entries }) => entries)),
    standing: computed(() => pages.value.at(-1)?.standing ?? 0),
    total: computed(() => pages.value[0]?.total ?? 0),
  };
}

/** Tells the server that the case is looked at; answers what changed since the last look. */
export function useLook(id: Id, when: When) {
  const api = useApi();
  return useQuery({
    queryKey: ['case', computed(() => toValue(id)), 'seen'],
    queryFn: ({ signal }) => api.put<CaseChanges>(`/cases/${toValue(id)}/seen`, undefined, { signal }),
    enabled: computed(() => toValue(when)),
  });
}

/** Drawing, time line and changes follow the case: what moved there is looked at again here. */
export function useFollowedParts(view: Ref<CaseView | undefined>): void {
  const client = useQueryClient();
  const standing = computed(
    () =>
      view.value &&
      JSON.stringify([
        view.value.state,
        view.value.stage,
        view.value.tasks.map((task) => [task.id, task.state, task.holder?.id]),
        view.value.documents.map((document) => [document.id, document.state]),
      ]),
  );
  watch(standing, (now, before) => {
    if (now && before)
      void client.invalidateQueries({
        predicate: ({ queryKey: [what, , part] }) => what === 'case' && part !== undefined,
      });
  });
}

/** What an exit would do, always asked for anew: a preview of an old state is worth nothing. */
export function useExits(id: Id, enabled: MaybeRefOrGetter<boolean>) {
  const api = useApi();
  return useQuery({
    queryKey: ['exits', computed(() => toValue(id))],
    queryFn: ({ signal }) => api.get<Exits>(`/cases/${toValue(id)}/exits`, {}, signal),
    enabled: computed(() => toValue(enabled)),
    staleTime: 0,
    gcTime: 0,
  });
}

/** Where a task can be sent back to, asked for anew each time as well. */
export function useReturns(taskId: Id, enabled: MaybeRefOrGetter<boolean>) {
  const api = useApi();
  return useQuery({
    queryKey: ['returns', computed(() => toValue(taskId))],
    queryFn: ({ signal }) => api.get<{ targets: ReturnTarget[] }>(`/tasks/${toValue(taskId)}/returns`, {}, signal),
    enabled: computed(() => toValue(enabled)),
    staleTime: 0,
    gcTime: 0,
  });
}

/** What taking a decision back would do, asked for anew each time as well. */
export function useTakeBack(decisionId: Id, enabled: MaybeRefOrGetter<boolean>) {
  const api = useApi();
  return useQuery({
    queryKey: ['take-back', computed(() => toValue(decisionId))],
    queryFn: ({ signal }) => api.get<TakeBackView>(`/decisions/${toValue(decisionId)}/take-back`, {}, signal),
    enabled: computed(() => toValue(enabled)),
    staleTime: 0,
    gcTime: 0,
  });
}

/** After something was done in a case: everything of it and the lists that it stands in. */
export async function refreshCase(client: QueryClient, id: string): Promise<void> {
  await Promise.all(
    [['case', id], ['inbox'], ['inbox-counts'], ['done'], ['cases']].map((queryKey) =>
      client.invalidateQueries({ queryKey }),
    ),
  );
}

export function useCases(
  filter: MaybeRefOrGetter<{ q?: string; state?: string; todo?: 'mine'; subject?: string; limit?: number }>,
) {
  return usePages<CasePage>(['cases'], '/cases', filter, { meta: { live: 'cases' } });
}
