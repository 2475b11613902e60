/** Registers as Excel: lists and children out, rows of children into drafts. */
import { fieldOf, type RegisterColumn } from '../../../contracts/register-column.ts';
import { kinds } from '../../../contracts/kinds/index.ts';
import type { SheetColumn } from '../sheets/index.ts';
import type { RegisterChild } from './register.ts';

/** Characters that a column of Excel is wide. */
const WIDTH = 20;

/** Columns as people read them; those of `key` have to be filled in. */
export function sheetColumns(columns: RegisterColumn[], key: string[] = []): SheetColumn[] {
  return columns.map((column) => {
    const field = fieldOf(column);
    return {
      key: column.id,
      title: column.label.zh,
      required: key.includes(column.id),
      hint: field.values ? `从列表选：${field.values.map(({ label }) => label).join('、')}` : '',
      width: WIDTH,
      ...(field.values && { list: field.values.map(({ label }) => label) }),
      cell: (value) => (typeof value === 'number' ? value : kinds[field.type].format(value, field, 'zh')),
      parse: (text) => kinds[field.type].parse(text, field),
    };
  });
}

/** What somebody fills in of a row: all but what cases write. */
export const typedColumns = ({ fields, key }: RegisterChild): SheetColumn[] =>
  sheetColumns(
    fields.filter((field) => !field.byCases),
    key,
  );
