/** What a register declares; everything else (reading, writing, history, lists, routes) is generic and reads this. */
import type { Knex } from 'knex';
import type { RegisterColumn } from '../../../contracts/register-column.ts';

export interface RegisterField extends RegisterColumn {
  /** In the table. */
  column: string;
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
  /** What is read in place of the table where a column depends on the day (`2026-11-21`). */
  rowsOn?: (db: Knex, today: string) => Knex.QueryBuilder;
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
  /** Fields that a list may be narrowed by: a choice by its value, a division with all that lies in it. */
  filters: string[];
  /** Folder of the pages of its entries, where the web has others than those of any register. */
  pages?: string;
  children: RegisterChild[];
}

/** Checks a declaration at load: names that a field points at have to exist. */
export function defineRegister(declaration: RegisterDeclaration): RegisterDeclaration {
  const known = new Set(declaration.fields.map((f) => f.id));
  const { unique, codes, name, list, filters } = declaration;
  const wrong = [...(unique ? [unique] : []), ...codes, name, ...list, ...filters].filter((id) => !known.has(id));
  const wrongKeys = declaration.children.flatMap((child) =>
    child.key.filter((id) => !child.fields.some((f) => f.id === id)).map((id) => `${child.id}.${id}`),
  );
  if (wrong.length + wrongKeys.length > 0)
    throw new Error(`register ${declaration.id}: no field ${[...wrong, ...wrongKeys].join(', ')}`);
  return declaration;
}

/** Fields as everybody may know them. */
export function shown(fields: RegisterField[]): RegisterColumn[] {
  return fields.map(({ id, label, type, options, byCases, ofCase }) => ({ id, label, type, options, byCases, ofCase }));
}

/** `legalRepName` → `legal_rep_name`. */
export function columnOf(id: string): string {
  return id.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/**
 * Fields from lines such as `name|机构名称|Name|text`; type text when absent. A fifth part names the options of a choice:
 * `yes 是 Yes; no 否 No`; a sixth, `by-cases`, says that nobody types it, and `case` that it is the id of the case that wrote it.
 */
export function fieldsOf(lines: string): RegisterField[] {
  return lines
    .trim()
    .split('\n')
    .map((line) => {
      const [id, zh, en, type, options, written] = line.split('|').map((part) => part.trim());
      if (!id || !zh || !en || (written && !['by-cases', 'case'].includes(written)))
        throw new Error(`no field: ${line}`);
      return {
        id,
        column: columnOf(id),
        type: (type || 'text') as RegisterColumn['type'],
        label: { zh, en },
        ...(options && { options: optionsOf(options) }),
        ...(written && { byCases: true }),
        ...(written === 'case' && { ofCase: true }),
      };
    });
}

function optionsOf(text: string): RegisterColumn['options'] {
  return text.split(';').map((part) => {
    const [value, zh, ...en] = part.trim().split(' ');
    if (!value || !zh || en.length === 0) throw new Error(`no option: ${part}`);
    return { value, zh, en: en.join(' ') };
  });
}
