import { sheetOf } from '../../api/src/scenarios/index.ts';
import { end, openFlowWorld, outcome, path, start, user, type FlowWorld } from '../../api/src/tasks/testing.ts';
import type { TableField } from '../../contracts/forms/index.ts';
import { builtPages, openBrowser, openPage, signIn } from '../../e2e/browser.ts';
import { timed, type Measured, type Row } from '../row.ts';

const ROWS = 2000;
const RUNS = 5;
const BY = '南明区受理岗';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const TABLE: TableField = {
  type: 'table',
  key: 'items',
  label: '明细',
  labelEn: 'Rows',
  import: true,
  columns: ['a', 'b', 'c', 'd', 'e'].map((key) => ({ type: 'text', key, label: `列 ${key}`, labelEn: key })),
};
const FLOW = {
  flow: { form: 'report', start: { roles: ['cma.acceptance'] } },
  forms: { report: [{ type: 'text', key: 'name', label: '名称' }, TABLE] },
  model: [
    start,
    user('accept', 'cma.acceptance', [outcome('agree')], { edits: 'report' }),
    user('review', 'cma.acceptance', [outcome('agree', { zh: '同意', kind: 'primary' })]),
    end('done'),
    path('start accept review done'),
  ].join(''),
};

/** In a browser that has the pages in its cache: from the click in the inbox to the decision bar and the data. */
export const caseView: Row = {
  id: 'case',
  title: `打开一件，表格 ${ROWS} 行（浏览器，从点开待办到可以办理、数据可见）`,
  limit: 500,
  figure: 'median',
  async measure(kit) {
    const world = await openFlowWorld('bench-case', FLOW, { webDir: await builtPages() });
    kit.closing(() => world.close());
    const large = await caseWith(world, ROWS);
    const empty = await caseWith(world, 0);
    const browser = await openBrowser();
    kit.closing(() => browser.close());
    const page = await openPage(browser, world.url);
    await signIn(page, world.people[BY]!);

    async function open(id: string, data: string): Promise<number> {
      await page.goto('/inbox');
      const link = page.getByRole('table').locator(`a[href*="${id}"]`).first();
      await link.waitFor();
      return timed(async () => {
        await link.click();
        await Promise.all([
          page.getByRole('region', { name: '办理' }).getByRole('button', { name: '同意' }).waitFor(),
          page.locator('#form-report').getByText(data, { exact: true }).first().waitFor(),
        ]);
      });
    }
    const measured = { ours: [] as number[], beside: { title: '表格是空的一件', times: [] as number[] } };
    for (let run = 0; run <= RUNS; run += 1) {
      const [ours, beside] = [await open(large, '行 1'), await open(empty, '试验')];
      if (run === 0) continue;
      measured.ours.push(ours);
      measured.beside.times.push(beside);
    }
    return measured satisfies Measured;
  },
};

/** A case that stands at its second step. */
async function caseWith(world: FlowWorld, rows: number): Promise<string> {
  const id = await world.start(BY, { name: '试验' });
  if (rows > 0) {
    const client = await world.as(BY);
    const filled = Array.from({ length: rows }, (_, i) => ({ a: `行 ${i + 1}`, b: '二', c: '三', d: '四', e: '五' }));
    const file = { name: '明细.xlsx', bytes: await sheetOf(TABLE, filled), type: XLSX };
    await client.upload(`/forms/${id}/report/tables/${TABLE.key}/import`, file);
    await world.quiet();
  }
  await world.decide(BY, id, 'accept', { outcome: 'agree' });
  return id;
}
