/** Options of choices and check lists. */
import type { Option } from '../forms/schema.ts';
import type { Lang } from './kind.ts';

/** The option that somebody means: by its Chinese or English name or its value. */
export function readOption(text: string, options: Option[] = []): Option | undefined {
  return options.find((o) => o.label === text || o.value === text || o.labelEn === text);
}

export function labelOf(value: unknown, options: Option[] = [], lang: Lang): string {
  const option = options.find((o) => o.value === value);
  return (lang === 'en' ? option?.labelEn : undefined) ?? option?.label ?? String(value);
}
