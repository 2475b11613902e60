/** Values of settings as text, by the JSON Schema that comes with each. */
export interface ValueSchema {
  type?: string;
  enum?: string[];
  minimum?: number;
  maximum?: number;
  items?: ValueSchema;
  propertyNames?: { enum?: string[] };
}

/** How a value is edited. */
export type EditorKind = 'switch' | 'number' | 'numbers' | 'choices' | 'texts' | 'text';

export function editorOf({ type, items, propertyNames }: ValueSchema): EditorKind {
  if (type === 'boolean') return 'switch';
  if (type === 'integer') return 'number';
  if (type === 'array') return items?.enum ? 'choices' : 'numbers';
  return type === 'object' && propertyNames?.enum ? 'texts' : 'text';
}

/** `5，2` → [5, 2]; what is no number stays as it is, so that the server names it. */
export function readNumbers(text: string): (number | string)[] {
  return text
    .split(/[,，、\s]+/)
    .filter((part) => part !== '')
    .map((part) => (/^-?\d+$/.test(part) ? Number(part) : part));
}

/** A value on one line. */
export function shown(value: unknown, words: { on: string; off: string }): string {
  if (typeof value === 'boolean') return value ? words.on : words.off;
  if (Array.isArray(value)) return value.join('、');
  if (value !== null && typeof value === 'object')
    return Object.entries(value)
      .map(([name, text]) => `${name}: ${String(text)}`)
      .join('；');
  return String(value);
}
