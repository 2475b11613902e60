import type { Blob } from 'node:buffer';
import type Stream from 'node:stream';
import writeXlsxFile, { type Cell, type Feature, type SheetData } from 'write-excel-file/node';
import type { SheetColumn } from './column.ts';

/** Head of the column that a list of faulty rows has behind the others; an import passes over it. */
export const MEND = '要改的地方';

/** Excel refuses longer lists between quotes. */
const LONGEST_LIST = 255;
/** Rows that the drop-downs reach down to. */
const REACH = 20_001;

/** A sheet with heads and rows; text stays text, so that nothing in it is ever taken for a formula. */
export async function writeSheet(
  name: string,
  columns: SheetColumn[],
  rows: { values: Record<string, unknown>; mend?: string }[],
): Promise<Buffer> {
  const withMend = rows.some((row) => row.mend !== undefined);
  return write(name, columns, [
    [...columns.map(head), ...(withMend ? [bold(MEND)] : [])],
    ...rows.map(({ values, mend }) => [
      ...columns.map((column) => cellOf(column, values[column.key])),
      ...(withMend ? [text(mend ?? '')] : []),
    ]),
  ]);
}

/** The empty sheet, and a second one that says how to fill it in. */
export function writeTemplate(name: string, columns: SheetColumn[]): Promise<Buffer> {
  return write(name, columns, [columns.map(head)]);
}

async function write(name: string, columns: SheetColumn[], data: SheetData): Promise<Buffer> {
  const guide: SheetData = [
    [bold('列'), bold('必填'), bold('怎么填')],
    ...columns.map((column) => [text(column.title), text(column.required ? '是' : ''), text(column.hint)]),
  ];
  const widths = columns.map((column) => ({ width: Math.max(column.width, column.title.length * 2 + 2) }));
  return writeXlsxFile(
    [
      { data, sheet: sheetName(name), columns: [...widths, { width: 60 }], stickyRowsCount: 1 },
      { data: guide, sheet: '填写说明', columns: [{ width: 24 }, { width: 8 }, { width: 80 }] },
    ],
    { features: [dropDowns(columns)] },
  ).toBuffer();
}

const bold = (value: string): Cell => ({ value, type: String, fontWeight: 'bold' });
const text = (value: string): Cell => (value === '' ? null : { value, type: String });
const head = (column: SheetColumn): Cell => bold(column.required ? `${column.title}*` : column.title);

function cellOf(column: SheetColumn, value: unknown): Cell {
  if (value === null || value === undefined || value === '') return null;
  const shown = column.cell(value);
  return typeof shown === 'number' ? { value: shown, type: Number } : text(shown);
}

/** Excel takes 31 characters and none of []:*?/\ */
const sheetName = (name: string) => name.replace(/[[\]:*?/\\]/g, ' ').slice(0, 31);

function dropDowns(columns: SheetColumn[]): Feature<Stream | Buffer | Blob> {
  const lists = columns.flatMap(({ list }, i) => {
    const quoted = (list ?? []).join(',');
    const fits = list && quoted.length <= LONGEST_LIST && !list.some((value) => /[,"]/.test(value));
    return fits ? [{ column: letters(i), quoted }] : [];
  });
  const xml = lists
    .map(
      ({ column, quoted }) =>
        `<dataValidation type="list" allowBlank="1" sqref="${column}2:${column}${REACH}"><formula1>"${escape(quoted)}"</formula1></dataValidation>`,
    )
    .join('');
  return {
    files: {
      transform: {
        'xl/worksheets/sheet{id}.xml': {
          transform: (content, _options, { sheetIndex }) =>
            sheetIndex === 0 && lists.length > 0
              ? content.replace(
                  '</sheetData>',
                  `</sheetData><dataValidations count="${lists.length}">${xml}</dataValidations>`,
                )
              : content,
        },
      },
    },
  };
}

/** 0 → A, 26 → AA. */
function letters(index: number): string {
  const rest = Math.floor(index / 26);
  return (rest > 0 ? letters(rest - 1) : '') + String.fromCharCode(65 + (index % 26));
}

const escape = (value: string) => value.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
