/** A day without a mouse: signing in, finding a task, reading it, deciding it; what has the focus is always seen. */
import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { end, openFlowWorld, outcome, path, start, user, type FlowWorld } from '../api/src/tasks/testing.ts';
import { builtPages, inOrder, openBrowser, openPage, STEP_MS } from './browser.ts';
import { isDecided, waitFor } from './steps.ts';

const agree = [outcome('agree', { zh: '同意', kind: 'primary' })];
const FLOW = {
  flow: { form: 'report', start: { roles: ['cma.acceptance'] } },
  forms: { report: [{ type: 'textfield', key: 'name', label: '名称' }] },
  model: [start, user('accept', 'cma.acceptance', agree), end('done'), path('start accept done')].join(''),
};
const BY = '南明区受理岗';
/** Nothing is further away than this many presses of Tab. */
const FAR = 60;

describe('without a mouse [PLT-13.1]', function () {
  this.timeout(3 * STEP_MS);
  inOrder(this);
  let world: FlowWorld;
  let browser: Browser;
  let page: Page;

  before(async () => {
    world = await openFlowWorld('keyboard-look', FLOW, { webDir: await builtPages() });
    await world.start(BY, { name: '试验' });
    browser = await openBrowser();
    page = await openPage(browser, world.url);
  });
  after(async () => {
    await browser?.close();
    await world?.close();
  });

  /** Presses Tab until what has the focus is called so. */
  async function tabTo(name: RegExp): Promise<void> {
    const passed: string[] = [];
    for (let i = 0; i < FAR; i += 1) {
      await page.keyboard.press('Tab');
      const { called, seen } = await page.evaluate(focused);
      assert.ok(seen, `nothing shows that ${called} has the focus`);
      if (name.test(called)) return;
      passed.push(called);
    }
    assert.fail(`${name} isn't reached: ${passed.join(' → ')}`);
  }

  it('signs in', async () => {
    await page.goto('/');
    await waitFor(page.locator('#login'));
    const { login, password } = world.people[BY]!;
    await tabTo(/登录名|账号|用户/);
    await page.keyboard.type(login);
    await tabTo(/密码/);
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await page.waitForURL(/inbox/);
  });

  it('skips the navigation', async () => {
    await waitFor(page.getByRole('table', { name: '待办' }).getByRole('link'));
    await page.reload();
    await waitFor(page.getByRole('table', { name: '待办' }).getByRole('link'));
    await tabTo(/^跳到正文$/);
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'main');
  });

  it('opens the task and decides it', async () => {
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/cases\//);
    await waitFor(page.getByRole('region', { name: '办理' }).getByRole('button'));
    await tabTo(/^意见/);
    await page.keyboard.type('符合条件');
    await page.keyboard.press('Control+Enter');
    await isDecided(page, '同意');
  });
});

/** The name of what has the focus, and whether that is seen. */
function focused(): { called: string; seen: boolean } {
  const one = document.activeElement as HTMLElement;
  const label = one.id ? document.querySelector(`label[for="${one.id}"]`)?.textContent : undefined;
  const rings = [one, one.parentElement!, one.parentElement?.parentElement ?? one].map((each) =>
    getComputedStyle(each),
  );
  return {
    called: (one.getAttribute('aria-label') ?? label ?? one.textContent ?? '').trim().slice(0, 60),
    seen: rings.some(({ outlineStyle, boxShadow }) => outlineStyle !== 'none' || boxShadow !== 'none'),
  };
}
