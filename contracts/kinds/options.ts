/** Options of choices and check lists. */
import type { Field, Option } from '../forms/schema.ts';
import type { Lang } from './kind.ts';

/** The option that somebody means: by its Chinese or English name or its value. */
export function readOption(text: string, options: Option[] = []): Option | undefined {
  return options.find((o) => o.label === text || o.value === text || o.labelEn === text);
}

export function labelOf(value: unknown, options: Option[] = [], lang: Lang): string {
  const option = options.find((o) => o.value === value);
  return (lang === 'en' ? option?.labelEn : undefined) ?? option?.label ?? String(value);
}

/** Items of a check list: its own, or those for the value of the field that they go by. */
export function itemsOf(
  { values, itemsBy }: Pick<Field, 'values' | 'itemsBy'>,
  data: Record<string, unknown>,
): Option[] {
  return itemsBy ? (itemsBy.items[String(data[itemsBy.by])] ?? []) : (values ?? []);
}

/** Items of every type, each once: to read and to spell what was chosen. */
export function allItems({ values, itemsBy }: Pick<Field, 'values' | 'itemsBy'>): Option[] {
  const every = itemsBy ? Object.values(itemsBy.items).flat() : (values ?? []);
  return [...new Map(every.map((option) => [option.value, option])).values()];
}
