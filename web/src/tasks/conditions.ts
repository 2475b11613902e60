import { computed, toValue, type MaybeRefOrGetter } from 'vue';
import { useI18n } from 'vue-i18n';
import { useDivisionName } from '../forms/kinds/division/divisions.ts';
import { useSay } from '../i18n/index.ts';
import type { Condition, ListFilter } from './filter.ts';

/** Where rows of a list stand: their flow, and the step where it is known. */
export interface Place {
  flow: string;
  flowTitle: string;
  step?: string;
  stepName?: string;
  count?: number;
}

/** The values of conditions as their chips name them. */
export function useConditionNames(filter: MaybeRefOrGetter<ListFilter>, places: MaybeRefOrGetter<Place[]>) {
  const { t } = useI18n();
  const say = useSay();
  const division = useDivisionName(() => toValue(filter).division ?? '');
  const known = computed(() => toValue(places));
  return (name: Condition): string => {
    const value = toValue(filter)[name] ?? '';
    switch (name) {
      case 'due':
        return t(`tasks.due.${value}`);
      case 'division':
        return division.value;
      case 'flow':
        return say(known.value.find((place) => place.flow === value)?.flowTitle ?? value);
      case 'step':
        return say(known.value.find((place) => place.step === value)?.stepName ?? value);
      default:
        return value;
    }
  };
}
