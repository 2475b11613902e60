import { useQuery } from '@tanstack/vue-query';
import { computed, toValue, type ComputedRef, type MaybeRefOrGetter } from 'vue';
import {
  columnsOf,
  findField,
  isTable,
  type Field,
  type FormSchema,
  type RowDecisionsField,
} from '../../../../../contracts/forms/index.ts';
import { useApi, type FormView } from '../../../api/index.ts';

/** The shown columns of the rows that are decided, as their own form declares them. */
export function useFieldOf(
  owner: MaybeRefOrGetter<string>,
  field: MaybeRefOrGetter<RowDecisionsField | null>,
): ComputedRef<Field[]> {
  const api = useApi();
  const of = computed(() => toValue(field)?.of.split('.') ?? []);
  const { data } = useQuery({
    queryKey: ['form', computed(() => toValue(owner)), computed(() => of.value[0])],
    queryFn: ({ signal }) => api.get<FormView>(`/forms/${toValue(owner)}/${of.value[0]}`, {}, signal),
    enabled: computed(() => of.value.length > 0),
  });
  return computed(() => {
    const table = data.value && findField(data.value.schema as FormSchema, of.value[1]!);
    if (!table || !isTable(table)) return [];
    const shown = toValue(field)?.show ?? [];
    return columnsOf(table).filter((column) => shown.includes(column.key));
  });
}
