/** What an officer can point at in a form: its fields, its rows, its materials. */
import { columnsOf, groupOf, rowFields, scalarFields, type FormSchema } from '../../../contracts/forms/index.ts';
import { isEmpty, kinds, type Lang } from '../../../contracts/kinds/index.ts';
import type { FormView, MaterialItem, Row } from '../api/index.ts';

export interface Target {
  path: string;
  /** How it is named in the notice. */
  item: string;
  group: string;
  value: string;
}

/** So many columns name a row. */
const NAMING = 6;

export function fieldTargets(view: FormView, lang: Lang): Target[] {
  const schema = view.schema as FormSchema;
  return scalarFields(schema).map((field) => {
    const group = groupOf(schema, field.key);
    const value = view.data[field.key];
    return {
      path: field.key,
      item: named(field, lang),
      group: group ? named(group, lang) : '',
      value: isEmpty(value) ? '' : kinds[field.type].format(value, field, lang),
    };
  });
}

export function tablesOf(view: FormView, lang: Lang): { key: string; title: string; count: number }[] {
  return rowFields(view.schema as FormSchema).map((table) => ({
    key: table.key,
    title: named(table, lang),
    count: view.tables[table.key]?.count ?? 0,
  }));
}

/** A row is named by its table, its number and its first filled columns. */
export function rowTarget(view: FormView, key: string, row: Row, lang: Lang): Target {
  const table = rowFields(view.schema as FormSchema).find((one) => one.key === key);
  const cells = (table ? columnsOf(table) : [])
    .filter((column) => !isEmpty(row.data[column.key]))
    .map((column) => kinds[column.type].format(row.data[column.key], column, lang));
  const title = table ? named(table, lang) : key;
  const number = lang === 'en' ? `row ${row.position}` : `第 ${row.position} 行`;
  return {
    path: `${key}/${row.id}`,
    item: `${title} ${number}　${cells.slice(0, NAMING).join(' ')}`,
    group: title,
    value: cells.slice(NAMING, NAMING + 4).join('　'),
  };
}

export function materialTargets(materials: MaterialItem[], group: string): Target[] {
  return materials
    .filter((item) => item.applies)
    .map((item) => ({
      path: `materials/${item.item}`,
      item: item.title,
      group,
      value: item.files
        .filter((file) => !file.replaced)
        .map((file) => file.name)
        .join('、'),
    }));
}

function named(thing: { label: string; labelEn?: string }, lang: Lang): string {
  return lang === 'en' ? (thing.labelEn ?? thing.label) : thing.label;
}
