/** Several tasks decided at once in a real browser: chosen, checked, held, undone from another page, sent. */
import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { end, openFlowWorld, outcome, path, start, user, type FlowWorld } from '../api/src/tasks/testing.ts';
import {
  builtPages,
  inOrder,
  onPhone,
  openBrowser,
  openPage,
  overflowOf,
  picture,
  signIn,
  STEP_MS,
} from './browser.ts';
import { waitFor } from './steps.ts';

const FLOW = {
  flow: { form: 'report', start: { roles: ['cma.acceptance'] } },
  forms: { report: [{ type: 'textfield', key: 'name', label: '名称' }] },
  model: [
    start,
    user(
      'check',
      'cma.acceptance,cma.examine',
      [outcome('pass', { zh: '核对通过', kind: 'primary' }), outcome('refuse', { zh: '不予通过', needs: ['reason'] })],
      { actions: 'transfer' },
    ).replace('name="check"', 'name="证书核对"'),
    end('done'),
    path('start check done'),
  ].join(''),
};
const BY = '受理岗';

describe('batches in the browser', function () {
  this.timeout(10 * STEP_MS);
  inOrder(this);
  let world: FlowWorld;
  let browser: Browser;
  let page: Page;
  let cases: string[];

  before(async () => {
    world = await openFlowWorld('batch-look', FLOW, { webDir: await builtPages() });
    cases = [];
    for (let i = 0; i < 4; i++) cases.push(await world.start(BY, { name: '试验' }));
    const { id } = await world.task('审查岗', cases[3]!, 'check');
    await (await world.as('审查岗')).send('POST', `/tasks/${id}/claim`);
    browser = await openBrowser();
    page = await openPage(browser, world.url);
    await signIn(page, world.people[BY]!);
  });
  after(async () => {
    await browser?.close();
    await world?.close();
  });

  const bar = () => page.getByRole('region', { name: '批量办理', exact: true });
  const notice = () => page.getByRole('region', { name: '可撤销的批量办理' });
  const dialog = () => page.getByRole('dialog');
  const rows = () => page.getByRole('table', { name: '待办' }).locator('tr.case');

  it('chosen by key and by range, and checked one by one [PLT-1.6]', async () => {
    await waitFor(rows());
    assert.equal(await rows().count(), 3);
    await page.keyboard.press('x');
    await waitFor(bar().getByText('已选 1 件'));
    await rows()
      .nth(2)
      .getByRole('checkbox')
      .click({ modifiers: ['Shift'] });
    await waitFor(bar().getByText('已选 3 件'));
    // Somebody else takes one after it was chosen, before the list has followed.
    const { id } = await world.task('审查岗', cases[2]!, 'check');
    await page.route('**/api/v1/batches', async (route) => {
      if (route.request().method() === 'POST') await (await world.as('审查岗')).send('POST', `/tasks/${id}/claim`);
      await route.continue();
    });
    await bar().getByRole('button', { name: '核对通过 3 件…' }).click();
    await waitFor(dialog().getByText('可办 2 件'));
    await page.unroute('**/api/v1/batches');
    await waitFor(dialog().getByText('这项待办已由别人签收'));
    await picture(page, 'batch');
    await dialog().getByLabel('意见（可不填）').fill('附表与批准内容一致');
    await dialog().getByRole('button', { name: '核对通过 2 件' }).click();
    await waitFor(notice().getByText('核对通过 2 件，1 件未办'));
    await waitFor(notice().getByText(/^(2\d|30) 秒内可撤销$/));
  });

  it('undone from another page [PLT-1.6]', async () => {
    await page.goto('/done');
    await notice().getByRole('button', { name: '撤销' }).click();
    await waitFor(page.getByText('已撤销，2 件回到待办'));
    await page.goto('/inbox');
    await waitFor(rows());
    assert.equal(await rows().count(), 2);
  });

  it('told of what was chosen and left the list meanwhile [PLT-1.1, PLT-1.6]', async () => {
    const row = rows().first();
    const number = /CMA-[\d-]+/.exec(await row.innerText())![0];
    await row.getByRole('checkbox').check();
    const { id } = await world.core
      .db('task as t')
      .join('case as c', 'c.id', 't.case_id')
      .where({ number })
      .first('t.id');
    const colleague = await world.as('审查岗');
    await colleague.send('POST', `/tasks/${id}/claim`);
    await waitFor(bar().getByText('选中的 1 件已不在待办里：'));
    await waitFor(bar().getByText(/已签收$/));
    await picture(page, 'batch-gone');
    await bar().getByRole('button', { name: '知道了' }).click();
    await bar().waitFor({ state: 'detached' });
    await colleague.send('POST', `/tasks/${id}/release`);
    await waitFor(rows().nth(1));
  });

  it('sent when their time is over, with a result for each that is found again, also on a phone [PLT-1.6]', async () => {
    await page.getByRole('checkbox', { name: '全选已列的件' }).check();
    await bar().getByRole('button', { name: '不予通过 2 件…' }).click();
    await waitFor(dialog().getByText('逐件检查过，都可以办'));
    await dialog().getByRole('button', { name: '不予通过 2 件' }).click();
    await waitFor(dialog().getByText('写明理由'));
    await dialog().getByLabel('理由').fill('附表与批准内容不一致');
    await dialog().getByRole('button', { name: '不予通过 2 件' }).click();
    await waitFor(notice().getByText(/ 秒内可撤销$/));
    world.time.advanceTo(new Date(world.time.now().getTime() + 31_000));
    await world.quiet();
    await page.getByRole('link', { name: '逐件结果' }).first().click();
    await waitFor(page.getByText('已办 2 / 2 件，未办 0 件'));
    await picture(page, 'batch-result');
    const phone = await onPhone(page);
    await waitFor(phone.getByText('附表与批准内容不一致'));
    assert.equal(await overflowOf(phone), 0);
    await phone.goto('/batches');
    await waitFor(phone.getByRole('link', { name: '核对通过 3 件' }));
    assert.equal(await overflowOf(phone), 0);
    await phone.goto('/inbox');
    await phone.close();
    for (const id of cases.slice(0, 2)) assert.equal((await world.view(BY, id)).result, 'done');
  });
});
