/** Values that name something kept elsewhere: a person, an office, an entry of a register. */
import type { Field } from '../forms/schema.ts';
import { error, type Kind, type KindFinding, type Parsed } from './kind.ts';

/** What is named, and what it was called when it was chosen: paper keeps the name of that day. */
export interface Reference {
  /** Empty while a name was written that the server has not found. */
  id: string;
  label: string;
}

const schemaOfOne = {
  type: 'object',
  required: ['id', 'label'],
  additionalProperties: false,
  properties: { id: { type: 'string', maxLength: 60 }, label: { type: 'string', maxLength: 300 } },
};

export const referencesIn = (value: unknown): Reference[] => (Array.isArray(value) ? value : [value]) as Reference[];

/** Check, reading and spelling that all kinds of references share. */
export const referenceKind: Pick<Kind, 'check' | 'parse' | 'format' | 'jsonSchema'> = {
  check(value): KindFinding[] {
    return referencesIn(value)
      .filter(({ id }) => id === '')
      .map(({ label }) =>
        error(
          'not-found',
          `没有找到「${label}」，或不止一个。从列表里选`,
          `"${label}" was not found, or is not unique`,
        ),
      );
  },
  parse(text, field): Parsed {
    const names = field.many ? text.split(/[,，、;；\n]/).map((name) => name.trim()) : [text];
    const found = names.filter((name) => name !== '').map((label) => ({ id: '', label }));
    return { value: field.many ? found : found[0] };
  },
  format: (value, _field, lang) =>
    referencesIn(value)
      .map(({ label }) => label)
      .join(lang === 'zh' ? '、' : ', '),
  jsonSchema: (field: Field) => (field.many ? { type: 'array', maxItems: 200, items: schemaOfOne } : schemaOfOne),
};

/**
 * What a value names, as plain texts: ids of people, offices and entries; codes of divisions and options; the text
 * itself. For variables of a process and for finding who must answer.
 */
export function namesIn(value: unknown): string[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap(namesIn);
  if (typeof value === 'object') return 'id' in value && typeof value.id === 'string' && value.id ? [value.id] : [];
  return [String(value)];
}
