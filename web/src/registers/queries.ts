import { useQuery } from '@tanstack/vue-query';
import { computed, toValue, type MaybeRefOrGetter } from 'vue';
import {
  useApi,
  usePages,
  type RegisterHistory,
  type RegisterItemView,
  type RegisterNames,
  type RegisterPage,
  type RegisterRowPage,
} from '../api/index.ts';

type Text = MaybeRefOrGetter<string>;
type Words = MaybeRefOrGetter<string | undefined>;

/** Every query of registers begins with `register`, so that one change renews them all. */
export function useRegisters() {
  const api = useApi();
  return useQuery({
    queryKey: ['register', 'names'],
    queryFn: ({ signal }) => api.get<RegisterNames>('/registers', {}, signal),
    staleTime: Infinity,
  });
}

export interface Wanted {
  q?: string;
  filter?: string;
  subject?: string;
}

export function useEntries(register: Words, wanted: MaybeRefOrGetter<Wanted>) {
  return usePages<RegisterPage>(
    ['register', register, 'list'],
    () => `/registers/${toValue(register)}`,
    () => ({ ...toValue(wanted) }),
    {
      enabled: () => toValue(register) !== undefined,
    },
  );
}

export function useEntry(register: Text, item: Text) {
  const api = useApi();
  return useQuery({
    queryKey: ['register', computed(() => toValue(register)), 'entry', computed(() => toValue(item))],
    queryFn: ({ signal }) => api.get<RegisterItemView>(`/registers/${toValue(register)}/${toValue(item)}`, {}, signal),
  });
}

export function useHistory(register: Text, item: Text) {
  const api = useApi();
  return useQuery({
    queryKey: ['register', computed(() => toValue(register)), 'history', computed(() => toValue(item))],
    queryFn: ({ signal }) =>
      api.get<RegisterHistory>(`/registers/${toValue(register)}/${toValue(item)}/history`, {}, signal),
  });
}

export function useRows(at: { register: Text; item: Text; child: Text }, q: Words) {
  return usePages<RegisterRowPage>(
    ['register', at.register, 'rows'],
    () => `/registers/${toValue(at.register)}/${toValue(at.item)}/rows/${encodeURIComponent(toValue(at.child))}`,
    () => ({ q: toValue(q) }),
  );
}
