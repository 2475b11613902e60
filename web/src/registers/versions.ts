/** Two versions of a draft: what differs, as text side by side, and one made of both. */
import { canonicalJson } from '../../../contracts/canonical-json.ts';
import { isEmpty, kinds, type Lang } from '../../../contracts/kinds/index.ts';
import { fieldOf, type RegisterColumn } from '../../../contracts/register-column.ts';
import type { RegisterChange, RegisterItemView } from '../api/index.ts';

type Data = Record<string, unknown>;
type Entry = Pick<RegisterItemView, 'columns' | 'children'>;

/** Each field, and the rows of each child as one, that the two versions say differently. */
export function differences(entry: Entry, theirs: RegisterChange, mine: RegisterChange, lang: Lang) {
  const parts = [
    ...entry.columns.map((column) => ({
      key: `fields/${column.id}`,
      label: column.label[lang],
      of: ({ fields }: RegisterChange) => fields[column.id],
      text: (side: RegisterChange) => cell(column, side.fields, lang),
    })),
    ...entry.children.map(({ id, label, columns }) => ({
      key: `children/${id}`,
      label: label[lang],
      of: ({ children }: RegisterChange) => children[id],
      text: (side: RegisterChange) => (side.children[id] ?? []).map((one) => row(columns, one, lang)).join('\n'),
    })),
  ];
  return parts
    .filter(({ of }) => canonicalJson(of(theirs) ?? null) !== canonicalJson(of(mine) ?? null))
    .map(({ key, label, text }) => ({ key, label, theirs: text(theirs), mine: text(mine) }));
}

/** What was saved elsewhere, but one's own version of the parts of these keys. */
export function withMine(theirs: RegisterChange, mine: RegisterChange, keys: string[]): RegisterChange {
  const mixed = <T>(part: 'fields' | 'children', others: Record<string, T>, own: Record<string, T>) => {
    const kept = (id: string) => keys.includes(`${part}/${id}`);
    const entries = [
      ...Object.entries(others).filter(([id]) => !kept(id)),
      ...Object.entries(own).filter(([id]) => kept(id)),
    ];
    return Object.fromEntries(entries);
  };
  return {
    fields: mixed('fields', theirs.fields, mine.fields),
    children: mixed('children', theirs.children, mine.children),
  };
}

function cell(column: RegisterColumn, data: Data, lang: Lang): string {
  const value = data[column.id];
  return isEmpty(value) ? '' : kinds[column.type].format(value, fieldOf(column), lang);
}

const row = (columns: RegisterColumn[], data: Data, lang: Lang) =>
  columns
    .map((column) => cell(column, data, lang))
    .filter(Boolean)
    .join('　');
