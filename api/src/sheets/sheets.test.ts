import assert from 'node:assert/strict';
import PizZip from 'pizzip';
import writeXlsxFile from 'write-excel-file/node';
import { Problem } from '../core/index.ts';
import { readSheet, writeSheet, writeTemplate, type SheetColumn } from './index.ts';

const text = (key: string, title: string, more: Partial<SheetColumn> = {}): SheetColumn => ({
  key,
  title,
  required: false,
  hint: '',
  width: 10,
  cell: String,
  parse: (value) => ({ value }),
  ...more,
});
const columns = [
  text('name', '名称', { required: true }),
  text('scope', '类别', { list: ['食品', '非食品'] }),
  text('year', '年份', {
    cell: Number,
    parse: (value) => (/^\d{4}$/.test(value) ? { value: Number(value) } : { zh: '不是年份', en: 'no year' }),
  }),
];
const code = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (problem: unknown) => problem,
  );
  assert.ok(error instanceof Problem, String(error));
  return error.code;
};
const book = (rows: (string | number | Date | null)[][]) =>
  writeXlsxFile(
    rows.map((row) =>
      row.map((value) =>
        value === null
          ? null
          : {
              value,
              type: value.constructor as StringConstructor,
              ...(value instanceof Date && { format: 'yyyy-mm-dd' }),
            },
      ),
    ),
  ).toBuffer();

describe('sheets', () => {
  it('gives back what was written, formulas as text [CMA-2.18]', async () => {
    const rows = [
      { values: { name: '=1+1', scope: '食品', year: 1999 } },
      { values: { name: '+cmd|calc', scope: null, year: null } },
    ];
    const bytes = await writeSheet('能力/表', columns, rows);
    const sheet = new PizZip(bytes).file('xl/worksheets/sheet1.xml')!.asText();
    assert.equal(sheet.includes('<f>'), false);
    const read = await readSheet(bytes, columns, 100);
    assert.deepEqual(read.errors, []);
    assert.deepEqual(
      read.rows.map((row) => row.values),
      rows.map((row) => row.values),
    );
    assert.deepEqual(
      read.rows.map((row) => row.row),
      [2, 3],
    );
  });

  it('offers the options of a choice in the template and says how to fill it in [CMA-2.18]', async () => {
    const zip = new PizZip(await writeTemplate('能力', columns));
    const sheet = zip.file('xl/worksheets/sheet1.xml')!.asText();
    assert.match(
      sheet,
      /<\/sheetData><dataValidations count="1"><dataValidation type="list"[^>]* sqref="B2:B20001"><formula1>"食品,非食品"/,
    );
    assert.match(zip.file('xl/workbook.xml')!.asText(), /填写说明/);
    assert.deepEqual((await readSheet(await writeTemplate('能力', columns), columns, 100)).rows, []);
  });

  it('names row, column and value of what cannot be read [CMA-2.18]', async () => {
    const bytes = await book([
      ['某机构能力表', null, null],
      ['类别', ' 名 称＊'.replace('＊', '*'), '年份'],
      ['食品', '铅', '二〇一九'],
      [null, null, null],
      [null, '镉', 2020],
    ]);
    const { rows, errors } = await readSheet(bytes, columns, 100);
    assert.deepEqual(
      rows.map((row) => [row.row, row.values]),
      [
        [3, { name: '铅', scope: '食品' }],
        [5, { name: '镉', scope: null, year: 2020 }],
      ],
    );
    assert.deepEqual(errors, [{ row: 3, column: '年份', value: '二〇一九', zh: '不是年份', en: 'no year' }]);
  });

  it('reads dates as days', async () => {
    const day = [text('day', '日期')];
    const { rows } = await readSheet(await book([['日期'], [new Date('2026-11-21T00:00:00Z')]]), day, 10);
    assert.deepEqual(rows[0].values, { day: '2026-11-21' });
  });

  it('refuses what is no sheet of this kind, and too many rows', async () => {
    assert.equal(await code(readSheet(Buffer.from('nonsense'), columns, 10)), 'sheet-unreadable');
    assert.equal(await code(readSheet(await book([['姓名'], ['甲']]), columns, 10)), 'sheet-columns');
    assert.equal(await code(readSheet(await book([]), columns, 10)), 'sheet-columns');
    assert.equal(await code(readSheet(await book([['名称'], ['a'], ['b']]), columns, 1)), 'too-many-rows');
  });
});
