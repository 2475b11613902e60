/** A browser for tests on the built pages, and what every page of the product answers to. */
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { findChromium } from '../engine-adapters/launcher/browser.ts';

export { builtPages } from './built.ts';

/** A step may wait for a document, on a machine that has other work. */
export const STEP_MS = 120_000;
const DESK = { width: 1440, height: 900 };

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Each test of the suite goes on from the one before: after a failure the rest is left out. (Mocha's `bail` would leave
 * out all other files as well, where several run at once.)
 */
export function inOrder(suite: Mocha.Suite): void {
  suite.beforeEach(function () {
    if (suite.tests.some((test) => test.isFailed())) this.skip();
  });
}

export async function openBrowser(): Promise<Browser> {
  const found = await findChromium({ dataDir: `${root}.data`, report: () => {} });
  return chromium.launch({ ...found, args: [...found.args, '--no-sandbox'] });
}

/** A page of a session of its own. */
export async function openPage(browser: Browser, url: string, viewport = DESK): Promise<Page> {
  const context = await browser.newContext({ baseURL: url, viewport, locale: 'zh-CN' });
  context.setDefaultTimeout(STEP_MS);
  return context.newPage();
}

/** The same address and session on a phone. */
export async function onPhone(page: Page): Promise<Page> {
  const phone = await page.context().newPage();
  await phone.setViewportSize({ width: 375, height: 812 });
  await phone.goto(page.url());
  return phone;
}

export async function signIn(page: Page, person: { login: string; password: string }): Promise<void> {
  await page.goto('/');
  await page.fill('#login', person.login);
  await page.fill('#password', person.password);
  await page.getByRole('button', { name: '登录' }).click();
  await page.waitForURL(/\/(desk|inbox)/);
}

/** How far the page, or the column that scrolls in its place, reaches beyond the right edge, in CSS pixels. */
export function overflowOf(page: Page): Promise<number> {
  return page.evaluate(() => {
    const columns = [...document.querySelectorAll('*')].filter(
      (one) => one.clientHeight > innerHeight / 2 && getComputedStyle(one).overflowY === 'auto',
    );
    return Math.max(...[document.documentElement, ...columns].map((one) => one.scrollWidth - one.clientWidth));
  });
}

/** Keeps a picture of the window for the README, where pictures are asked for. */
export async function picture(page: Page, name: string): Promise<void> {
  if (process.env.SCREENSHOTS === '1') await page.screenshot({ path: `${root}docs/images/${name}.png` });
}
