import readXlsx from 'read-excel-file/node';
import type { SheetPreview } from '../../../contracts/api/index.ts';

const SHEETS = 10;
const ROWS = 200;
const COLUMNS = 40;
const CHARACTERS = 500;

/** An Excel file as text, as far as a look needs it. Formulas count by the value that was last shown. */
export async function sheetsOf(bytes: Buffer): Promise<SheetPreview[]> {
  const sheets = await readXlsx(bytes);
  return sheets.slice(0, SHEETS).map(({ sheet: name, data }) => {
    const columns = Math.max(0, ...data.map((row) => row.length));
    return {
      name,
      rows: data.slice(0, ROWS).map((row) => row.slice(0, COLUMNS).map(textOf)),
      total: { rows: data.length, columns, sheets: sheets.length },
    };
  });
}

function textOf(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? '' : cell.toISOString().slice(0, 10);
  return String(cell).slice(0, CHARACTERS);
}
