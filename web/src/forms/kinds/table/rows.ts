/** Rows of a table, fifty at a time, searched and filtered by the server: ten thousand cost no more than ten. */
import { keepPreviousData, useQuery } from '@tanstack/vue-query';
import { computed, ref, toValue, watch, type MaybeRefOrGetter } from 'vue';
import { useApi, type Row, type RowPage } from '../../../api/index.ts';

export const PAGE = 50;
/** Most rows that one answer brings. */
const MOST = 500;
const TYPING_MS = 250;

export interface RowFilter {
  only?: 'problems' | 'changed';
  /** Version that changes are told against; default the one before. */
  since?: number;
}

export function useRows(path: MaybeRefOrGetter<string>, filter: () => RowFilter = () => ({})) {
  const api = useApi();
  const words = ref('');
  const search = ref('');
  let typing: ReturnType<typeof setTimeout> | undefined;
  watch(words, (now) => {
    clearTimeout(typing);
    typing = setTimeout(() => (search.value = now.trim()), TYPING_MS);
  });
  /** Cursors of the pages walked through, the first page has none. */
  const cursors = ref<(string | undefined)[]>([undefined]);
  watch([search, () => filter().only, () => filter().since], () => (cursors.value = [undefined]));

  const query = useQuery({
    queryKey: ['rows', computed(() => toValue(path)), search, computed(() => filter()), cursors],
    queryFn: ({ signal }) =>
      api.get<RowPage>(
        toValue(path),
        { q: search.value, ...filter(), after: cursors.value.at(-1), limit: PAGE },
        signal,
      ),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
  const rows = computed(() => query.data.value?.rows ?? []);
  const next = computed(() => query.data.value?.next ?? null);

  return {
    words,
    query,
    rows,
    total: computed(() => query.data.value?.total ?? 0),
    isFirst: computed(() => cursors.value.length === 1),
    isLast: computed(() => next.value === null),
    first: computed(() => (cursors.value.length - 1) * PAGE + 1),
    forward: () => next.value && (cursors.value = [...cursors.value, next.value]),
    back: () => (cursors.value = cursors.value.slice(0, -1)),
  };
}

/** All rows that a filter leaves, page by page. */
export async function* everyRow(
  get: ReturnType<typeof useApi>['get'],
  path: string,
  filter: RowFilter = {},
): AsyncGenerator<Row> {
  let after: string | undefined;
  do {
    const page: RowPage = await get(path, { ...filter, after, limit: MOST });
    yield* page.rows;
    after = page.next ?? undefined;
  } while (after);
}
