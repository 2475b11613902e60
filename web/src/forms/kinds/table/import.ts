/** The last import of a table: found again after a reload, asked for while it runs. */
import { useQuery } from '@tanstack/vue-query';
import { computed, toValue, watch, type MaybeRefOrGetter } from 'vue';
import type { ImportJob, LastImport } from '../../../../../contracts/api/index.ts';
import { useApi } from '../../../api/index.ts';

export type { ImportJob };

/** It tells by itself how far it is; milliseconds between two looks where that doesn't arrive. */
const LOOK_MS = 5_000;

export const lastImportKey = (path: string) => ['import', path];
export const isGoing = ({ state }: ImportJob) => state === 'waiting' || state === 'running';
/** It is not over, or left something to be mended. */
export const needsLook = (job: ImportJob) => isGoing(job) || job.problem !== null || (job.answer?.faulty ?? 0) > 0;

/** `done` is called when an import that was going has come to its end. */
export function useLastImport(path: MaybeRefOrGetter<string>, enabled: () => boolean, done: () => unknown) {
  const api = useApi();
  const { data } = useQuery({
    queryKey: computed(() => lastImportKey(toValue(path))),
    queryFn: ({ signal }) => api.get<LastImport>(`${toValue(path)}/import`, {}, signal),
    enabled: computed(enabled),
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.job && isGoing(state.data.job) ? LOOK_MS : false),
    meta: { live: 'imports' },
  });
  const job = computed(() => data.value?.job ?? null);
  watch(
    () => job.value !== null && isGoing(job.value),
    (now, before) => before && !now && done(),
  );
  return job;
}
