import { computed, ref, type MaybeRefOrGetter } from 'vue';
import type { CaseChanges } from '../api/index.ts';
import { useChanges, useLook } from './queries.ts';

/** With what the case is compared: as it was sent back last, or as the reader saw it last. */
export type Base = 'return' | 'seen';

/** What changed in the forms of a case; whichever of both says something comes first, the return before the look. */
export function useCompared(id: MaybeRefOrGetter<string>, there: MaybeRefOrGetter<boolean>) {
  const { data: returned } = useChanges(id);
  const { data: seen } = useLook(id, there);
  const chosen = ref<Base>();
  const only = ref(false);
  const base = computed<Base>({
    get: () => chosen.value ?? (!returned.value?.count && seen.value?.count ? 'seen' : 'return'),
    set: (value) => (chosen.value = value),
  });
  const changes = computed<CaseChanges | undefined>(() => (base.value === 'return' ? returned.value : seen.value));
  return {
    returned,
    seen,
    base,
    /** Show nothing but what changed. */
    only,
    changes,
    any: computed(() => Boolean(returned.value?.count || seen.value?.count)),
    ofForm: (form: string) => changes.value?.forms.find((one) => one.form === form),
  };
}
