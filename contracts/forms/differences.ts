/** What a newer version of a form asks for that an older one didn't, and the other way round. */
import type { AnyField, FormSchema } from './schema.ts';
import { allFields, columnsOf, isScalar } from './walk.ts';

export interface FieldDifference {
  /** `uscc`, `capabilities`, `capabilities.limits` for a column. */
  path: string;
  kind: 'added' | 'removed' | 'changed';
  zh: string;
  en: string;
}

/** Fields and columns that came, went or changed, in order of reading; those that went come last. */
export function fieldDifferences(before: FormSchema, after: FormSchema): FieldDifference[] {
  const old = placesOf(before);
  const now = placesOf(after);
  const found: FieldDifference[] = [];
  for (const [path, { asks, zh, en }] of now) {
    const was = old.get(path);
    if (!was) found.push({ path, kind: 'added', zh, en });
    else if (was.asks !== asks) found.push({ path, kind: 'changed', zh, en });
  }
  for (const [path, { zh, en }] of old) if (!now.has(path)) found.push({ path, kind: 'removed', zh, en });
  // Columns of a table that came or went say nothing more.
  const whole = new Set(found.filter(({ kind }) => kind !== 'changed').map(({ path }) => path));
  return found.filter(({ path }) => !path.includes('.') || !whole.has(path.split('.')[0]!));
}

interface Place {
  zh: string;
  en: string;
  /** All that it asks for, as text to compare; a table's columns stand for themselves. */
  asks: string;
}

function placesOf(form: FormSchema): Map<string, Place> {
  const places = new Map<string, Place>();
  for (const { field } of allFields(form)) {
    places.set(field.key, { zh: field.label, en: field.labelEn ?? field.label, asks: asksOf(field) });
    if (isScalar(field)) continue;
    for (const column of columnsOf(field))
      places.set(`${field.key}.${column.key}`, {
        zh: `${field.label}　${column.label}`,
        en: `${field.labelEn ?? field.label}, ${column.labelEn ?? column.label}`,
        asks: asksOf(column),
      });
  }
  return places;
}

/** What is only for the eye makes no difference. */
function asksOf(field: AnyField): string {
  const shown = new Set(['label', 'labelEn', 'description', 'layout', 'columns', 'properties', 'show']);
  return JSON.stringify(
    Object.entries(field)
      .filter(([name]) => !shown.has(name))
      .sort(),
  );
}
