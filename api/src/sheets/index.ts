/** Excel: templates with drop-downs, export, import row by row. Knows columns, nothing of forms or registers. */
export type { SheetColumn } from './column.ts';
export { readSheet, type SheetError, type SheetRow } from './read.ts';
export { MEND, writeSheet, writeTemplate } from './write.ts';
