import { readSheet as readCells } from 'read-excel-file/node';
import { problemKind } from '../core/index.ts';
import type { SheetColumn } from './column.ts';
import { MEND } from './write.ts';

export const sheetUnreadable = problemKind(
  'sheet-unreadable',
  400,
  '这个 Excel 文件读不出来',
  'The file cannot be read',
);
export const sheetColumns = problemKind(
  'sheet-columns',
  400,
  '表头与模板不符',
  'The heads are not those of the template',
);
export const sheetTooLong = problemKind('too-many-rows', 400, '行数超过上限', 'Too many rows');

export interface SheetRow {
  /** Number of the row in Excel. */
  row: number;
  /** Values of the columns that the sheet has; null for an empty cell, absent where the text could not be read. */
  values: Record<string, unknown>;
  /** Cells as they stand, by column. */
  cells: Record<string, string>;
}

export interface SheetError {
  row: number;
  /** Head of the column; empty when it concerns the row. */
  column: string;
  zh: string;
  en: string;
  value?: unknown;
}

/** Heads are looked for this far down: some put a title above them. */
const HEAD_WITHIN = 10;

/**
 * Reads the first sheet. Formulas count by the value that was last shown, and nothing is computed.
 * @throws Problem when it is no sheet, lacks required columns or is too long
 */
export async function readSheet(
  bytes: Buffer,
  columns: SheetColumn[],
  most: number,
): Promise<{ rows: SheetRow[]; errors: SheetError[] }> {
  const cells = await readCells(bytes).catch(() => {
    throw sheetUnreadable({
      zh: '这个 Excel 文件读不出来。用 Excel 或 WPS 另存为 .xlsx 后再导入',
      en: 'The file cannot be read; save it as .xlsx again',
    });
  });
  const { at, places } = findHeads(cells, columns);
  const filled = cells
    .map((row, i) => ({ row: i + 1, texts: row.map(textOf) }))
    .slice(at + 1)
    .filter(({ texts }) => [...places.values()].some((place) => texts[place] !== ''));
  if (filled.length > most)
    throw sheetTooLong({
      zh: `有 ${filled.length} 行，一次最多导入 ${most} 行。分成几个文件`,
      en: `${filled.length} rows; at most ${most} at a time`,
    });
  const errors: SheetError[] = [];
  const rows = filled.map(({ row, texts }) => readRow(row, texts, columns, places, errors));
  return { rows, errors };
}

function readRow(
  row: number,
  texts: string[],
  columns: SheetColumn[],
  places: Map<string, number>,
  errors: SheetError[],
): SheetRow {
  const read: SheetRow = { row, values: {}, cells: {} };
  for (const column of columns) {
    const place = places.get(column.key);
    if (place === undefined) continue;
    const text = texts[place] ?? '';
    read.cells[column.key] = text;
    const parsed = text === '' ? { value: null } : column.parse(text);
    if ('value' in parsed) read.values[column.key] = parsed.value;
    else errors.push({ row, column: column.title, value: text, zh: parsed.zh, en: parsed.en });
  }
  return read;
}

function findHeads(cells: unknown[][], columns: SheetColumn[]): { at: number; places: Map<string, number> } {
  const found = cells.slice(0, HEAD_WITHIN).map((row) => placesOf(row, columns));
  const at = found.reduce((best, places, i) => (places.size > (found[best]?.size ?? 0) ? i : best), 0);
  const places = found[at] ?? new Map<string, number>();
  const missing = columns.filter((column) => column.required && !places.has(column.key));
  if (missing.length === 0 && places.size > 0) return { at, places };
  const names = (missing.length > 0 ? missing : columns).map((column) => column.title);
  throw sheetColumns({
    zh: `第一张表里缺少列：${names.join('、')}。下载模板，按模板的表头填写`,
    en: `The first sheet lacks columns: ${names.join(', ')}; use the template`,
    facts: { missing: names },
  });
}

function placesOf(row: unknown[], columns: SheetColumn[]): Map<string, number> {
  const heads = row.map((cell) => plainHead(textOf(cell)));
  return new Map(
    columns
      .map((column): [string, number] => [column.key, heads.indexOf(plainHead(column.title))])
      .filter(([, place]) => place >= 0 && heads[place] !== MEND),
  );
}

const plainHead = (head: string) => head.normalize('NFKC').replace(/[\s*]/g, '');

function textOf(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? '' : cell.toISOString().slice(0, 10);
  return String(cell).trim();
}
