/** The inbox and the lists beside it in a real browser: filters, orders, kept filters, keys, a phone. */
import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { end, openFlowWorld, outcome, path, start, user, type FlowWorld } from '../api/src/tasks/testing.ts';
import { builtPages, inOrder, onPhone, openBrowser, openPage, overflowOf, signIn, STEP_MS } from './browser.ts';
import { waitFor } from './steps.ts';

const agree = [outcome('agree', { zh: '同意', kind: 'primary' })];
const FLOW = {
  flow: { form: 'report', start: { roles: ['cma.acceptance'] }, priority: 80 },
  forms: { report: [{ type: 'textfield', key: 'name', label: '名称' }] },
  model: [
    start,
    user('accept', 'cma.acceptance', agree, { actions: 'copy, urge, transfer', limit: 'P3WD' }),
    user('check', 'cma.acceptance', agree),
    end('done'),
    path('start accept check done'),
  ].join(''),
};
const BY = '南明区受理岗';

describe('the inbox in the browser', function () {
  this.timeout(10 * STEP_MS);
  inOrder(this);
  let world: FlowWorld;
  let browser: Browser;
  let page: Page;
  let first: string;

  before(async () => {
    world = await openFlowWorld('inbox-look', FLOW, { webDir: await builtPages() });
    first = await world.start(BY, { name: '试验' });
    await world.start(BY, { name: '试验二' });
    await world.decide(BY, first, 'accept', { outcome: 'agree', opinion: '符合条件' });
    browser = await openBrowser();
    page = await openPage(browser, world.url);
    await signIn(page, world.people[BY]!);
  });
  after(async () => {
    await browser?.close();
    await world?.close();
  });

  const rows = () => page.locator('tr.case');
  const look = (name: string) =>
    process.env.SHOTS ? page.screenshot({ path: `${process.env.SHOTS}/${name}.png` }) : undefined;

  it('narrows by words, initials, step and area, all in the address, and says what stands in the way [PLT-1.1]', async () => {
    await waitFor(page.getByRole('table', { name: '待办' }));
    assert.equal(await rows().count(), 2);
    await look('inbox');
    await page.getByRole('button', { name: '环节' }).click();
    await page.getByRole('menuitem', { name: /check/ }).click();
    await waitFor(page.getByRole('button', { name: '去掉「check」' }));
    await page.waitForFunction(() => document.querySelectorAll('tr.case').length === 1);
    assert.match(page.url(), /step=check/);
    await page.keyboard.press('/');
    await page.keyboard.type('zzzz');
    await waitFor(page.getByText('没有符合条件的办件'));
    await look('inbox-none');
    await page.getByRole('button', { name: '去掉「zzzz」' }).click();
    await page.waitForURL((url) => !url.search.includes('zzzz'));
    await page.reload();
    await waitFor(page.getByRole('button', { name: '去掉「check」' }));
    await page.getByRole('button', { name: '区划、日期' }).click();
    await page.getByLabel('自').fill('2020-01-01');
    await page.getByLabel('自').blur();
    await waitFor(page.getByRole('button', { name: '去掉「2020-01-01」' }));
    await look('inbox-more');
    await page.keyboard.press('Escape');
    await page.getByLabel('自').waitFor({ state: 'detached' });
    const opener = page.getByRole('button', { name: '区划、日期' });
    assert.ok(await opener.evaluate((button) => button === document.activeElement));
    await page.keyboard.press('Enter');
    await waitFor(page.getByRole('combobox', { name: '省' }).and(page.locator(':focus')));
    await page.keyboard.press('Escape');
  });

  it('keeps a filter by name, opens it from the side, and deletes it [PLT-1.1]', async () => {
    await page.getByRole('button', { name: '存为筛选' }).click();
    await page.getByLabel('筛选的名称').fill('等我核对');
    await page.getByLabel('筛选的名称').press('Enter');
    await waitFor(page.getByText('已存为「等我核对」'));
    await page.goto('/done');
    await waitFor(page.getByRole('table', { name: '已办' }));
    await look('done');
    await page.getByRole('link', { name: '等我核对' }).click();
    await waitFor(page.getByRole('button', { name: '去掉「check」' }));
    await page.getByRole('button', { name: '删去筛选「等我核对」' }).click();
    await waitFor(page.getByText('已删去筛选「等我核对」'));
  });

  it('sorts by priority and arrival without groups, walks with J and K, opens with Enter [PLT-1.1]', async () => {
    await page.goto('/inbox');
    await page.getByRole('button', { name: '排序：时限先到' }).click();
    await page.getByRole('menuitem', { name: '新到达' }).click();
    await page.waitForURL(/sort=newest/);
    await waitFor(page.locator('table:not(:has(tr.group)) tr.case'));
    await page.keyboard.press('j');
    await page.waitForFunction(() => document.activeElement?.matches('.inbox tr.on .subject'));
    await look('inbox-newest');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/cases\/.+task=/);
  });

  it('lists what I started, what I watch and what was copied to me, read once it is opened [PLT-1.1]', async () => {
    const reader = await world.person('抄阅人', '520102', ['cma.acceptance']);
    const { id } = await world.task(BY, first, 'check');
    const officer = await world.as(BY);
    await officer.send('PUT', `/cases/${first}/watch`);
    await world.core.db('task_copy').insert({
      ...{ task_id: id, case_id: first, person_id: reader, note: '请知悉', at: world.core.time.now() },
      by: (await world.core.db('account').where({ login: world.people[BY]!.login }).first()).person_id,
    });
    await page.goto('/sent');
    await waitFor(page.getByRole('table', { name: '我发起的' }).getByText('check'));
    await look('sent');
    await page.goto('/watched');
    await waitFor(page.getByRole('table', { name: '关注' }));
    assert.equal(await page.getByRole('table', { name: '关注' }).locator('tbody tr').count(), 1);
    const other = await openPage(browser, world.url);
    await signIn(other, world.people['抄阅人']!);
    await other.goto('/copied');
    await waitFor(other.getByText('未阅'));
    await other.getByRole('table', { name: '抄送我的' }).getByRole('link').click();
    await other.waitForURL(/\/cases\//);
    await other.goto('/copied');
    await waitFor(other.getByRole('table', { name: '抄送我的' }));
    assert.equal(await other.getByText('未阅').count(), 0);
  });

  it('fits a phone, and the dark [PLT-1.1]', async () => {
    await page.goto('/inbox');
    await waitFor(page.getByRole('table', { name: '待办' }));
    await page.evaluate(() => document.documentElement.classList.add('dark'));
    await look('inbox-dark');
    for (const address of ['/inbox', '/sent', '/done', '/watched']) {
      await page.goto(address);
      await waitFor(page.getByRole('table').first());
      const phone = await onPhone(page);
      await waitFor(phone.getByRole('table').first());
      if (process.env.SHOTS)
        await phone.screenshot({ path: `${process.env.SHOTS}/phone${address.replace('/', '-')}.png` });
      assert.equal(await overflowOf(phone), 0, address);
      await phone.close();
    }
  });

  it('shows a leader what is over, who has it, and lets it be urged once [PLT-1.1, PLT-1.5]', async () => {
    const { time } = world;
    time.advanceTo(new Date(time.now().getTime() + 10 * 24 * 3_600_000));
    await world.quiet();
    const leader = await openPage(browser, world.url);
    await signIn(leader, world.people['省局领导']!);
    await leader.route('**/api/v1/inbox?**', (route) => route.abort());
    await leader.goto('/leader');
    await waitFor(leader.getByText('等您办的件没有打开'));
    assert.equal(await leader.getByText('现在没有等您办的件').count(), 0);
    await leader.unroute('**/api/v1/inbox?**');
    await leader.getByRole('button', { name: '再试一次' }).click();
    await waitFor(leader.getByText('现在没有等您办的件'));
    const over = leader
      .locator('section', { has: leader.getByRole('heading', { name: '已超期' }) })
      .getByRole('listitem');
    await waitFor(over.getByText(/accept.*未签收/));
    assert.match(await over.innerText(), /^超 \d+ 日/);
    await over.getByRole('button', { name: '催办' }).click();
    await waitFor(leader.getByText(/已催办$/));
    await waitFor(over.getByText('催办 1 次'));
    assert.equal(await over.getByRole('button', { name: '催办' }).count(), 0);
    const phone = await onPhone(leader);
    await waitFor(phone.getByText('催办 1 次'));
    assert.equal(await overflowOf(phone), 0);
    await phone.close();
  });

  it('lets a leader who may take it give it to somebody else, from the desk [PLT-1.1, PLT-1.3]', async () => {
    await world.person('区领导', '520102', []);
    await world.core.db.transaction(async (trx) => {
      const { personId } = await trx('account')
        .where({ login: world.people['区领导']!.login })
        .first({ personId: 'person_id' });
      const grant = { personId, role: 'cma.acceptance', office: '520102', reach: 'tree' as const, mayTake: true };
      await world.app.organisation.grant(trx, grant, { personId: null });
    });
    await world.person('周二', '520102', ['cma.acceptance']);
    const leader = await openPage(browser, world.url);
    await signIn(leader, world.people['区领导']!);
    await leader.goto('/leader');
    const over = leader
      .locator('section', { has: leader.getByRole('heading', { name: '已超期' }) })
      .getByRole('listitem');
    await (await waitFor(over.getByRole('button', { name: /^转办/ }))).click();
    const dialog = leader.getByRole('dialog');
    await dialog.getByLabel('交给谁').focus();
    await leader.keyboard.insertText('周二');
    await leader.getByRole('option', { name: /^周二/ }).click();
    await leader.keyboard.press('Tab');
    await dialog.getByRole('textbox').last().fill('请今天办结');
    if (process.env.SHOTS) await leader.screenshot({ path: `${process.env.SHOTS}/leader-transfer.png` });
    await dialog.getByRole('button', { name: '转办', exact: true }).click();
    await waitFor(over.getByText(/accept.*周二/));
    assert.equal(await over.getByRole('button', { name: /^转办/ }).count(), 0);
    const phone = await onPhone(leader);
    await phone.emulateMedia({ colorScheme: 'dark' });
    await waitFor(phone.getByText(/accept.*周二/));
    if (process.env.SHOTS) {
      await leader.screenshot({ path: `${process.env.SHOTS}/leader.png`, fullPage: true });
      await phone.screenshot({ path: `${process.env.SHOTS}/leader-phone-dark.png`, fullPage: true });
    }
    assert.equal(await overflowOf(phone), 0);
  });
});
