/** Filters of a list as they stand in the address: `state:valid,division:520100`. */
export type Chosen = Record<string, string | undefined>;

export function valuesIn(filter: string | undefined): Chosen {
  const parts = (filter ?? '').split(',').filter(Boolean);
  return Object.fromEntries(parts.map((part) => part.split(':') as [string, string]));
}

/** Undefined where nothing is chosen. */
export function filterOf(chosen: Chosen): string | undefined {
  const parts = Object.entries(chosen).flatMap(([id, value]) => (value ? [`${id}:${value}`] : []));
  return parts.join(',') || undefined;
}
