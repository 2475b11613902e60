/**
 * What the guides describe, done in a real browser on cases of the demonstration: each picture is of a page on which
 * what its section speaks of was found by its words. With `GUIDES=1` the pictures are taken anew on the way.
 */
import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import {
  opensAt,
  playStories,
  provinceAccounts,
  readStories,
  seedProvince,
  type Cast,
} from '../api/src/main/demonstration/index.ts';
import { openWorld, type World } from '../api/src/main/world.ts';
import { builtPages, openBrowser, openPage, signIn, STEP_MS } from './browser.ts';
import { openFromInbox, placeOf, waitFor } from './steps.ts';

const DOCS = fileURLToPath(new URL('../docs/', import.meta.url));
const WINDOW = { width: 1200, height: 760 };
const QUALITY = 75;
/** Bytes of all pictures together. */
const MOST_BYTES = 2_000_000;
/** Stories whose cases the guides show. */
const SHOWN = {
  filled: 'cma-initial: 申请填了一半',
  asked: 'cma-initial: 已告知补正，等申请人补',
  handedIn: 'cma-initial: 刚提交，等待受理',
  reviewed: 'cma-initial: 等待审查',
  granted: 'cma-initial: 准予许可，发证后评价',
  notice: 'recall-notice: 区县送达超期，通知书已邮寄',
};
const nameOf = ({ flow, title }: { flow: string; title: string }) => `${flow}: ${title}`;

describe('the guides', function () {
  this.timeout(10 * STEP_MS);
  let world: World;
  let cast: Cast;
  let browser: Browser;
  const cases = new Map<string, { id: string; subject: string }>();
  const taken = new Set<string>();

  before(async () => {
    const names = Object.values(SHOWN);
    const stories = (await readStories()).filter((story) => names.includes(nameOf(story)));
    const today = new Date();
    world = await openWorld({ at: opensAt(today, stories), webDir: await builtPages() });
    await seedProvince({ core: world.core, ...world.app });
    cast = await provinceAccounts();
    const { played } = await playStories(world, stories, { cast, today });
    for (const { story, caseId } of played) cases.set(nameOf(story), { id: caseId, subject: story.subject });
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await world?.close();
  });

  const shown = (name: string) => cases.get(name)!;

  /** A page of the person whom a story calls so. */
  async function pageOf(called: string, name = SHOWN.filled): Promise<Page> {
    const page = await openPage(browser, world.url, WINDOW);
    await signIn(page, cast.accounts[cast.nameOf(called, shown(name).subject)]!);
    return page;
  }

  async function picture(page: Page, name: string): Promise<void> {
    const file = `guide-${name}.jpg`;
    taken.add(file);
    // The drawn flow comes after everything that a section speaks of.
    await page.waitForFunction(() =>
      [...document.querySelectorAll('#flow:not(.folded), .picture')].every((place) =>
        place.querySelector('.djs-visual'),
      ),
    );
    if (process.env.GUIDES !== '1') return;
    await page.screenshot({ path: `${DOCS}images/${file}`, type: 'jpeg', quality: QUALITY, animations: 'disabled' });
  }

  it('for applicants: begin, fill in, supplement, follow, receive [PLT-13.7]', async () => {
    const page = await pageOf('申请人');
    await waitFor(page.getByText(/还差 \d+ 项才能提交/));
    await picture(page, 'desk');
    await page.getByRole('button', { name: '开始申请' }).first().click();
    await waitFor(page.getByRole('article', { name: '检验检测机构资质认定首次申请' }).getByText(/^接着填/));
    await page.goto('/desk');
    await page.getByRole('button', { name: '接着填' }).click();
    await waitFor(placeOf(page, 'uscc'));
    await waitFor(page.getByRole('heading', { name: /^还差 \d+ 项才能提交/ }));
    await waitFor(page.getByRole('button', { name: '生成申请书', exact: true }));
    await picture(page, 'application');
    await page.context().close();

    const asked = await pageOf('申请人', SHOWN.asked);
    await asked.getByRole('button', { name: /^去/ }).click();
    await waitFor(asked.getByText('缺少授权签字人的授权范围'));
    await asked.locator('input[type=file]').first().waitFor({ state: 'attached' });
    assert.equal(await asked.locator('input[type=file]').count(), 2);
    await waitFor(asked.getByRole('button', { name: '提交补正' }));
    await picture(asked, 'supplement');
    await asked.context().close();

    const granted = await pageOf('申请人', SHOWN.granted);
    await granted.goto(`/cases/${shown(SHOWN.granted).id}`);
    await waitFor(granted.locator('.djs-container .djs-element'));
    await waitFor(granted.locator('#certificates').getByRole('button', { name: '看证书' }));
    await picture(granted, 'progress');
    await granted.context().close();
  });

  it('for approvers: find, decide, ask for supplements, return, hand on, serve, suspend [PLT-13.7]', async () => {
    const clerk = await pageOf('受理岗');
    await waitFor(clerk.getByText('这一步要您做'));
    await picture(clerk, 'inbox');
    await openFromInbox(clerk, shown(SHOWN.handedIn).subject);
    await waitFor(clerk.locator('.djs-container .djs-element'));
    await picture(clerk, 'case');
    await bar(clerk)
      .getByRole('button', { name: /^一次性告知补正/ })
      .click();
    await waitFor(clerk.getByRole('dialog', { name: '一次性告知补正' }).getByRole('button', { name: /^材料/ }));
    await clerk.getByRole('dialog').getByRole('button', { name: /^材料/ }).click();
    await clerk.getByRole('dialog').getByText('质量手册').first().click();
    await clerk.getByLabel('理由和要求').fill('缺少授权签字人的授权范围，请补充后重新上传。');
    await picture(clerk, 'pins');
    await clerk.keyboard.press('Escape');
    await act(clerk, '转办');
    const dialog = clerk.getByRole('dialog', { name: '转办' });
    await dialog.getByLabel('交给谁', { exact: true }).focus();
    await clerk.keyboard.insertText('秦知礼');
    await clerk.getByRole('option', { name: /^秦知礼/ }).click();
    await clerk.keyboard.press('Tab');
    await dialog.getByRole('textbox').last().fill('本周到县区巡回受理，请接办。');
    await picture(clerk, 'transfer');
    await clerk.context().close();

    const examiner = await pageOf('审查岗', SHOWN.reviewed);
    await openFromInbox(examiner, shown(SHOWN.reviewed).subject);
    await act(examiner, '退回');
    await waitFor(examiner.getByRole('dialog').getByText(/^取消 \d+ 项，保留 \d+ 项，新建 \d+ 项/));
    await picture(examiner, 'return');
    await examiner.context().close();

    const handler = await pageOf('安顺市召回承办岗', SHOWN.notice);
    await handler.goto(`/cases/${shown(SHOWN.notice).id}`);
    await waitFor(handler.getByText('召回通知书').first());
    await handler.locator('#documents').evaluate((card) => card.scrollIntoView());
    await picture(handler, 'service');
    await handler.context().close();

    const leader = await pageOf('决定岗', SHOWN.granted);
    await leader.goto(`/cases/${shown(SHOWN.granted).id}`);
    await leader.locator('#certificates').getByRole('link').first().click();
    await waitFor(leader.getByRole('button', { name: /^暂停/ }));
    await picture(leader, 'certificate');
    await leader.context().close();
  });

  it('show only pictures that are taken here, and all of them [PLT-13.7]', async () => {
    const texts = await Promise.all(
      ['applicant', 'approver'].map((name) => readFile(`${DOCS}guides/${name}.md`, 'utf8')),
    );
    const named = texts.flatMap((text) => [...text.matchAll(/\]\(\.\.\/images\/([^)]+)\)/g)].map(([, name]) => name!));
    assert.deepEqual(named.toSorted(), [...taken].sort());
    const sizes = await Promise.all(named.map(async (name) => (await stat(`${DOCS}images/${name}`)).size));
    assert.ok(sizes.reduce((sum, size) => sum + size, 0) < MOST_BYTES);
  });
});

const bar = (page: Page) => page.getByRole('region', { name: '办理' });

/** Presses an action of the decision bar, which may stand among the further ones. */
async function act(page: Page, title: string): Promise<void> {
  const button = bar(page).getByRole('button', { name: new RegExp(`^${title}`) });
  if (!(await button.isVisible())) await bar(page).getByRole('button', { name: '更多操作' }).click();
  await page
    .getByRole('button', { name: new RegExp(`^${title}`) })
    .or(page.getByRole('menuitem', { name: new RegExp(`^${title}`) }))
    .first()
    .click();
}
