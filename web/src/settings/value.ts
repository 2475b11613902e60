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

export interface ValueWords {
  on: string;
  off: string;
  /** Where there is nothing in a list. */
  none: string;
  /** What its numbers count. */
  unit?: string | undefined;
  /** What people read in place of an id. */
  nameOf(id: string): string;
}

/** A value on one line. */
export function shown(value: unknown, words: ValueWords): string {
  const one = (item: unknown) => (typeof item === 'number' ? String(item) : words.nameOf(String(item)));
  const counted = (text: string) => (words.unit ? `${text} ${words.unit}` : text);
  if (typeof value === 'boolean') return value ? words.on : words.off;
  if (typeof value === 'number') return counted(String(value));
  if (Array.isArray(value)) return value.length === 0 ? words.none : counted(value.map(one).join('、'));
  if (value !== null && typeof value === 'object')
    return Object.entries(value)
      .map(([name, text]) => `${words.nameOf(name)}：${String(text)}`)
      .join('；');
  return one(value);
}
