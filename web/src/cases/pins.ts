/** What an officer can point at in a form: its fields, its rows, its materials. */
import { columnsOf, rowFields, scalarFields, groupOf, type FormSchema } from '../../../contracts/forms/index.ts';
import { kinds, type Lang } from '../../../contracts/kinds/index.ts';
import type { FormView, MaterialItem, Row } from '../api/index.ts';

export interface Target {
  path: string;
  /** How it is named in the notice. */
  item: string;
  group: string;
  value: string;
}

export function fieldTargets(view: FormView, lang: Lang): Target[] {
  const schema = view.schema as FormSchema;
  return scalarFields(schema).map((field) => {
    const group = groupOf(schema, field.key);
    const value = view.data[field.key];
    return {
      path: field.key,
      item: named(field, lang),
      group: group ? named(group, lang) : '',
      value: value === null || value === undefined ? '' : kinds[field.type].format(value, field, lang),
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

/** A row is named by its table, its number and its first columns. */
export function rowTarget(view: FormView, key: string, row: Row, lang: Lang): Target {
  const schema = view.schema as FormSchema;
  const table = rowFields(schema).find((one) => one.key === key);
  const cells = table
    ? columnsOf(table)
        .map((column) => [column, row.data[column.key]] as const)
        .filter(([, value]) => value !== null && value !== undefined && value !== '')
        .map(([column, value]) => kinds[column.type].format(value, column, lang))
    : [];
  const title = table ? named(table, lang) : key;
  return {
    path: `${key}/${row.id}`,
    item: `${title} ${lang === 'en' ? `row ${row.position}` : `第 ${row.position} 行`}　${cells.slice(0, 2).join(' ')}`,
    group: title,
    value: cells.slice(2, 7).join('　'),
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
