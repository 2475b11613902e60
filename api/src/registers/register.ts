/** What a register declares; everything else (reading, writing, history, lists, routes) is generic and reads this. */
import type { Field } from '../../../contracts/forms/index.ts';

export interface RegisterField {
  /** Also the id of the form's field that it fills. */
  id: string;
  column: string;
  type: Field['type'];
  label: { zh: string; en: string };
  /** What a choice or check-list may say. */
  options?: FieldOption[];
  /** Written by cases only: nobody types it. */
  byCases?: boolean;
}

export interface FieldOption {
  value: string;
  zh: string;
  en: string;
}

export interface RegisterChild {
  id: string;
  table: string;
  label: { zh: string; en: string };
  fields: RegisterField[];
  /** Fields that together name a row: a merge finds it by them. */
  key: string[];
}

export interface RegisterDeclaration {
  id: string;
  table: string;
  title: { zh: string; en: string };
  fields: RegisterField[];
  /** Field that is unique over the register; a new item is refused by it. */
  unique?: string;
  /** Column with the subject that the item is (`id`) or belongs to: it, and the offices of its division, see the item. */
  subject: 'id' | 'institution_id' | 'subject_id';
  /** Column with the moment of the last change. */
  updatedAt: 'updated_at' | 'issued_at';
  /** Written by another area: never here. */
  mirrored?: boolean;
  /** Written by cases only: nobody keeps a draft of it. */
  byCases?: boolean;
  /** Rows that nobody is shown. */
  without?: { column: string; values: string[] };
  /** Fields that a search compares whole. */
  codes: string[];
  /** Field with the name, searched by its words. */
  name: string;
  /** The table has `name_bigrams`: finds words inside a name by an index. */
  bigrams?: boolean;
  /** Fields of a list. */
  list: string[];
  children: RegisterChild[];
}

/** Checks a declaration at load: names that a field points at have to exist. */
export function defineRegister(declaration: RegisterDeclaration): RegisterDeclaration {
  const known = new Set(declaration.fields.map((f) => f.id));
  const { unique, codes, name, list } = declaration;
  const wrong = [...(unique ? [unique] : []), ...codes, name, ...list].filter((id) => !known.has(id));
  const wrongKeys = declaration.children.flatMap((child) =>
    child.key.filter((id) => !child.fields.some((f) => f.id === id)).map((id) => `${child.id}.${id}`),
  );
  if (wrong.length + wrongKeys.length > 0)
    throw new Error(`register ${declaration.id}: no field ${[...wrong, ...wrongKeys].join(', ')}`);
  return declaration;
}

/** `legalRepName` → `legal_rep_name`. */
export function columnOf(id: string): string {
  return id.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/**
 * Fields from lines such as `name|机构名称|Name|text`; type text when absent. A fifth part names the options of a choice:
 * `yes 是 Yes; no 否 No`; a sixth, `by-cases`, says that nobody types it.
 */
export function fieldsOf(lines: string): RegisterField[] {
  return lines
    .trim()
    .split('\n')
    .map((line) => {
      const [id, zh, en, type, options, written] = line.split('|').map((part) => part.trim());
      if (!id || !zh || !en || (written && written !== 'by-cases')) throw new Error(`no field: ${line}`);
      return {
        id,
        column: columnOf(id),
        type: (type || 'text') as Field['type'],
        label: { zh, en },
        ...(options && { options: optionsOf(options) }),
        ...(written && { byCases: true }),
      };
    });
}

function optionsOf(text: string): FieldOption[] {
  return text.split(';').map((part) => {
    const [value, zh, ...en] = part.trim().split(' ');
    if (!value || !zh || en.length === 0) throw new Error(`no option: ${part}`);
    return { value, zh, en: en.join(' ') };
  });
}
