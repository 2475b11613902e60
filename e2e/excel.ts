/** Excel files as an applicant fills them: the template that the page offers, with rows below its heads. */
import { readSheet as readXlsx } from 'read-excel-file/node';
import writeXlsx from 'write-excel-file/node';
import type { TableField } from '../contracts/forms/index.ts';
import { isEmpty, kinds } from '../contracts/kinds/index.ts';

export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export type Values = Record<string, unknown>;

/** Values are spelled as the page shows them; `faults` replaces single cells by row (from 0) and column's key. */
export async function fillTemplate(
  template: Buffer,
  field: TableField,
  rows: Values[],
  faults: Record<number, Record<string, string>> = {},
): Promise<Buffer> {
  const [heads = []] = await readXlsx(template);
  const columns = heads.map((head) => {
    const column = field.columns.find((one) => one.label === String(head).replace(/\*$/, ''));
    if (!column) throw new Error(`the template of ${field.key} has a column ${head} that the form doesn't know`);
    return column;
  });
  const cells = rows.map((row, i) =>
    columns.map((column) => {
      const value = row[column.key];
      const shown = faults[i]?.[column.key] ?? (isEmpty(value) ? '' : kinds[column.type].format(value, column, 'zh'));
      return shown === '' ? null : { value: shown, type: String };
    }),
  );
  return writeXlsx([heads.map((head) => ({ value: String(head), type: String })), ...cells]).toBuffer();
}
