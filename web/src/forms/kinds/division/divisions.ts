import { useQuery } from '@tanstack/vue-query';
import { computed, toValue, type MaybeRefOrGetter } from 'vue';
import { useApi } from '../../../api/index.ts';

export interface Division {
  code: string;
  name: string;
  level: 'province' | 'city' | 'county';
}

/** Codes of a division and of those that it lies in, from the province down. */
export function lineOf(code: string): { province: string; city: string; county: string } {
  const province = /^\d{2}/.test(code) ? `${code.slice(0, 2)}0000` : '';
  const city = /^\d{6}$/.test(code) && !code.endsWith('0000') ? `${code.slice(0, 4)}00` : '';
  const county = /^\d{6}$/.test(code) && !code.endsWith('00') ? code : '';
  return { province, city, county };
}

/** Divisions below `parent`; the provinces for null, nothing for an empty code. They hardly ever change. */
export function useDivisions(parent: MaybeRefOrGetter<string | null>) {
  const api = useApi();
  const of = computed(() => toValue(parent));
  return useQuery({
    queryKey: ['divisions', of],
    queryFn: ({ signal }) => api.get<{ rows: Division[] }>('/divisions', { parent: of.value ?? undefined }, signal),
    enabled: computed(() => of.value !== ''),
    staleTime: Infinity,
  });
}

/** Full name, 贵州省贵阳市南明区; the code while it is not known yet. */
export function useDivisionName(code: MaybeRefOrGetter<string>) {
  const line = computed(() => lineOf(toValue(code)));
  const levels = [
    { list: useDivisions(() => (line.value.province ? null : '')), code: computed(() => line.value.province) },
    { list: useDivisions(() => (line.value.city ? line.value.province : '')), code: computed(() => line.value.city) },
    { list: useDivisions(() => (line.value.county ? line.value.city : '')), code: computed(() => line.value.county) },
  ];
  return computed(() => {
    const names = levels.map((level) => level.list.data.value?.rows.find((row) => row.code === level.code.value)?.name);
    return names.filter(Boolean).join('') || toValue(code);
  });
}
