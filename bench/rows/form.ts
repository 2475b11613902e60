import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClients, sheetOf, type Client } from '../../api/src/scenarios/index.ts';
import { openWorld } from '../../api/src/main/world.ts';
import type { Field, Group, TableField } from '../../contracts/forms/index.ts';
import { builtPages, openBrowser, openPage, signIn } from '../../e2e/browser.ts';
import { flowsWith } from '../../e2e/package.ts';
import { inTurn, type Row } from '../row.ts';

const FIELDS = 300;
const ROWS = 2000;
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** In a browser that has the pages in its cache: from the address to fields and rows that can be typed into. */
export const opened: Row = {
  id: 'form',
  title: `打开 ${FIELDS} 个字段、${ROWS} 行表格的表单（浏览器）`,
  limit: 1000,
  figure: 'median',
  async measure(kit) {
    const root = await mkdtemp(join(tmpdir(), 'bench-form-'));
    kit.closing(() => rm(root, { recursive: true }));
    const flows = Object.fromEntries(Object.entries(SIZES).map(([id, { fields }]) => [id, [fieldsOf(fields)]]));
    const world = await openWorld({ folders: await flowsWith(root, flows), webDir: await builtPages() });
    kit.closing(() => world.close());
    const applicant = await createClients(world)('申请人');
    const large = await draft(applicant, 'large');
    const small = await draft(applicant, 'small');

    const browser = await openBrowser();
    kit.closing(() => browser.close());
    const page = await openPage(browser, world.url);
    await signIn(page, world.people['申请人']!);
    const open = (id: string) => async () => {
      await page.goto(`/applications/${id}`);
      await page.getByText('第 1 项', { exact: true }).first().waitFor();
      await page.getByText('行 1', { exact: true }).first().waitFor();
    };
    return inTurn(5, open(large), { title: '三个字段、一行', run: open(small) });
  },
};

const SIZES: Record<string, { fields: number; rows: number }> = {
  large: { fields: FIELDS, rows: ROWS },
  small: { fields: 3, rows: 1 },
};

const TABLE: TableField = {
  type: 'table',
  key: 'benchRows',
  label: '明细',
  labelEn: 'Rows',
  import: true,
  columns: ['a', 'b', 'c', 'd', 'e'].map((key) => ({ type: 'text', key, label: `列 ${key}`, labelEn: key })),
};

/** What is added to the application of a flow that is short otherwise. */
const fieldsOf = (count: number): Group => ({
  type: 'group',
  id: 'bench',
  label: '测速',
  labelEn: 'Bench',
  components: [
    ...Array.from({ length: count }, (_, i): Field => {
      return { type: 'text', key: `bench${i + 1}`, label: `第 ${i + 1} 项`, labelEn: `Item ${i + 1}` };
    }),
    TABLE,
  ],
});

async function draft(client: Client, flow: string): Promise<string> {
  const { id } = await client.send<{ id: string }>('POST', '/drafts', { flow });
  const rows = Array.from({ length: SIZES[flow]!.rows }, (_, i) => ({
    a: `行 ${i + 1}`,
    b: '二',
    c: '三',
    d: '四',
    e: '五',
  }));
  const file = { name: '明细.xlsx', bytes: await sheetOf(TABLE, rows), type: XLSX };
  await client.upload(`/forms/${id}/application/tables/${TABLE.key}/import`, file);
  await client.quiet();
  return id;
}
