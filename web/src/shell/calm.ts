import { useIsFetching } from '@tanstack/vue-query';
import { onScopeDispose, ref, watch, type Ref } from 'vue';

/** So long nothing was asked for: what follows from an answer has been asked for by then. */
const QUIET_MS = 120;
/** A page that never stops asking is taken as it is. */
const LONGEST_MS = 3_000;

/** True once what the page was opened for is there: then comes what can wait. */
export function useCalm(): Readonly<Ref<boolean>> {
  const calm = ref(false);
  let quiet: ReturnType<typeof setTimeout> | undefined;
  function become() {
    calm.value = true;
    end();
  }
  const latest = setTimeout(become, LONGEST_MS);
  const unwatch = watch(
    useIsFetching(),
    (asked) => {
      clearTimeout(quiet);
      if (asked === 0) quiet = setTimeout(become, QUIET_MS);
    },
    { immediate: true },
  );
  function end() {
    unwatch();
    clearTimeout(quiet);
    clearTimeout(latest);
  }
  onScopeDispose(end);
  return calm;
}
