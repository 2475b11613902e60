import type { Field, TableField } from '../../../../../contracts/forms/index.ts';
import { isEmpty } from '../../../../../contracts/kinds/index.ts';
import type { Data } from '../../saver.ts';

/** Columns of its own a table shows on screen; the rest stands in the second line of a row. */
const SHOWN = 5;

/** The columns that tell rows apart first, then the required ones, as many as fit without sideways scrolling. */
export function splitColumns(table: TableField): { shown: Field[]; folded: Field[] } {
  const rank = (field: Field) => (table.unique?.includes(field.key) ? 0 : field.validate?.required ? 1 : 2);
  const ranked = table.columns
    .map((field, i) => ({ field, i }))
    .filter(({ field }) => field.type !== 'textarea')
    .sort((a, b) => rank(a.field) - rank(b.field) || a.i - b.i)
    .slice(0, SHOWN);
  const chosen = new Set(ranked.map(({ field }) => field.key));
  return {
    shown: table.columns.filter((field) => chosen.has(field.key)),
    folded: table.columns.filter((field) => !chosen.has(field.key)),
  };
}

/** Folded columns that a row fills. */
export const filled = (columns: Field[], data: Data) => columns.filter((field) => !isEmpty(data[field.key]));
