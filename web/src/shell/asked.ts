import { computed } from 'vue';
import { useRoute, useRouter } from 'vue-router';

/**
 * What a list is narrowed by stands in the address: it is there after a reload, on the way back and in a link.
 * @param among what it may be; anything else counts as not asked
 */
export function useAsked<T extends string = string>(name: string, among?: readonly T[]) {
  const route = useRoute();
  const router = useRouter();
  return computed<T | undefined>({
    get() {
      const asked = route.query[name];
      if (typeof asked !== 'string' || !asked) return undefined;
      return among ? among.find((one) => one === asked) : (asked as T);
    },
    set: (value) => void router.replace({ query: { ...route.query, [name]: value || undefined } }),
  });
}
