/** Two people at work in two browsers: each sees what the other does without reloading. */
import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { shanghaiDay } from '../api/src/core/index.ts';
import { end, openFlowWorld, outcome, path, start, user, type FlowWorld } from '../api/src/tasks/testing.ts';
import { builtPages, inOrder, onPhone, openBrowser, openPage, overflowOf, signIn, STEP_MS } from './browser.ts';
import { waitFor } from './steps.ts';

const agree = [outcome('agree', { zh: '同意', kind: 'primary' })];
const FLOW = {
  flow: { form: 'report', start: { roles: ['cma.acceptance'] } },
  forms: { report: [{ type: 'textfield', key: 'name', label: '名称' }] },
  model: [
    start,
    user('accept', 'cma.acceptance', agree, { edits: 'report' }),
    end('done'),
    path('start accept done'),
  ].join(''),
};
const WANG = '王芳';
const LI = '李云';

describe('two people in two browsers', function () {
  this.timeout(10 * STEP_MS);
  inOrder(this);
  let world: FlowWorld;
  let browser: Browser;
  let wang: Page;
  const cases: string[] = [];

  before(async () => {
    world = await openFlowWorld('live-look', FLOW, { webDir: await builtPages() });
    for (const name of [WANG, LI]) await world.person(name, '520102', ['cma.acceptance']);
    for (let i = 0; i < 3; i += 1) cases.push(await world.start(LI, { name: `第 ${i} 件` }));
    browser = await openBrowser();
    wang = await openPage(browser, world.url);
    await signIn(wang, world.people[WANG]!);
  });
  after(async () => {
    await browser?.close();
    await world?.close();
  });

  it('see new and taken tasks come and go, and the chosen one stays [PLT-1.1]', async () => {
    await waitFor(wang.getByText('实时更新'));
    const rows = wang.locator('tr.case');
    await waitFor(rows.nth(2));
    await rows.nth(1).click();
    const chosen = await wang.locator('tr.case.on .c-subject').innerText();
    cases.push(await world.start(LI, { name: '第 4 件' }));
    await waitFor(wang.getByText('新到 1 件'));
    assert.equal(await rows.count(), 4);
    await waitFor(wang.locator('tr.case', { hasText: '新到' }));
    await shot(wang, 'arrived');
    assert.equal(await wang.locator('tr.case.on .c-subject').innerText(), chosen);

    const { id } = await world.task(LI, cases[3]!, 'accept');
    await (await world.as(LI)).send('POST', `/tasks/${id}/claim`);
    await waitFor(wang.getByRole('link', { name: '全部 3' }));
    await rows.nth(3).waitFor({ state: 'detached' });
  });

  it('are told of each other on one case [PLT-1.8]', async () => {
    const li = await openPage(browser, world.url);
    await signIn(li, world.people[LI]!);
    for (const page of [wang, li]) await page.goto(`/cases/${cases[0]}`);
    await waitFor(wang.getByText('李云 也在看，刚刚打开'));
    await li.getByRole('textbox', { name: '意见' }).fill('材料齐全');
    await waitFor(wang.getByText('李云 正在写「accept」的意见'));
    await shot(wang, 'presence');
    await wang.setViewportSize({ width: 375, height: 812 });
    await shot(wang, 'presence-phone');
    await wang.setViewportSize({ width: 1440, height: 900 });
    const [decided] = await Promise.all([
      li.waitForResponse((answer) => answer.url().endsWith('/decision')),
      li.getByRole('button', { name: '同意' }).click(),
    ]);
    assert.equal(decided.status(), 200);
    await world.quiet();
    await waitFor(wang.getByText('已办结'));
    await li.close();
    await wang.goto('/inbox');
    await waitFor(wang.getByRole('link', { name: '全部 2' }));
  });

  it('are shown both texts where two devices wrote an opinion, and nothing is lost [PLT-1.2]', async () => {
    const devices = [await openPage(browser, world.url), await openPage(browser, world.url)] as const;
    for (const device of devices) {
      await signIn(device, world.people[LI]!);
      await device.goto(`/cases/${cases[1]}`);
      await waitFor(device.getByRole('textbox', { name: '意见' }));
    }
    const [desk, laptop] = devices;
    let letAnswer = () => {};
    const held = new Promise<void>((resolve) => (letAnswer = resolve));
    await desk.route('**/opinion', async (route) => {
      const response = await route.fetch();
      await held;
      await route.fulfill({ response });
    });
    const sent = desk.waitForRequest('**/opinion');
    await desk.getByRole('textbox', { name: '意见' }).fill('在办公室');
    await sent;
    await desk.getByRole('textbox', { name: '意见' }).fill('在办公室写的');
    await desk.getByRole('textbox', { name: '意见' }).blur();
    letAnswer();
    await waitFor(desk.getByText(/^意见已保存/));
    assert.equal(await desk.getByRole('dialog').count(), 0, 'what is typed while it is being saved is one text');
    await laptop.getByRole('textbox', { name: '意见' }).fill('在路上写的');
    const dialog = laptop.getByRole('dialog', { name: '别处刚改过' });
    await waitFor(dialog.getByText('在办公室写的'));
    await waitFor(dialog.getByText('在路上写的'));
    await shot(laptop, 'stale');
    await dialog.getByRole('button', { name: '用我的覆盖' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await waitFor(laptop.getByText(/^意见已保存/));
    assert.equal((await world.core.db('opinion_draft').first('opinion')).opinion, '在路上写的');
    for (const device of devices) await device.context().close();
  });

  it('come back after the stream was cut, with what happened meanwhile [PLT-12.2]', async () => {
    await wang.route('**/api/v1/live*', (route) => route.abort());
    await world.core.db.raw(`select tell_live('rights', 'person:' || id) from person where name = ?`, [WANG]);
    await waitFor(wang.getByText('实时连接断开，每 30 秒更新'));
    const { id } = await world.task(LI, cases[2]!, 'accept');
    await (await world.as(LI)).send('POST', `/tasks/${id}/claim`);
    await wang.unroute('**/api/v1/live*');
    await waitFor(wang.getByRole('link', { name: '全部 1' }));
    await waitFor(wang.getByText('实时更新'));
  });

  it('and their leader sees how the work of the offices stands, also on a phone [PLT-1.1, PLT-13.1]', async () => {
    const tenDaysAgo = shanghaiDay(new Date(world.time.now().getTime() - 10 * 24 * 3_600_000));
    await world.core.db('task').whereNull('ended_at').update({ due_on: tenDaysAgo });
    const leader = await openPage(browser, world.url);
    await signIn(leader, world.people['省局领导']!);
    await leader.getByRole('link', { name: '工作台' }).click();
    await waitFor(leader.getByRole('heading', { name: /^辖区在办 \d+ 件/ }));
    await waitFor(leader.getByText(/^超 \d+ 日$/));
    await waitFor(leader.getByRole('table', { name: '未来 20 个工作日的到期量' }));
    await leader
      .getByRole('button', { name: /（本级）$/ })
      .first()
      .click();
    await waitFor(leader.getByRole('table', { name: '各人在办' }));
    await shot(leader, 'desk');
    await leader.emulateMedia({ colorScheme: 'dark' });
    await shot(leader, 'desk-dark');
    const phone = await onPhone(leader);
    await waitFor(phone.getByRole('table', { name: '各单位在办' }));
    await shot(phone, 'desk-phone');
    assert.equal(await overflowOf(phone), 0);
    await leader.context().close();
  });

  /** For looking at the pages while they are built. */
  const shot = async (page: Page, name: string) => {
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name}.png` });
  };
});
