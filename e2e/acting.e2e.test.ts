/** Handing a task on, asking for opinions and standing in for somebody absent, in a real browser. */
import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { end, openFlowWorld, outcome, path, start, user, type FlowWorld } from '../api/src/tasks/testing.ts';
import { builtPages, inOrder, onPhone, openBrowser, openPage, overflowOf, signIn, STEP_MS } from './browser.ts';
import { waitFor } from './steps.ts';

const FLOW = {
  flow: { form: 'report', start: { roles: ['cma.acceptance'] } },
  forms: { report: [{ type: 'textfield', key: 'name', label: '名称' }] },
  model: [
    start,
    user('examine', 'cma.examine', [outcome('agree', { zh: '同意', kind: 'primary' })], {
      actions: 'transfer, delegate, add-sign, copy, urge',
    }),
    end('done'),
    path('start examine done'),
  ].join(''),
};

describe('acting on a task in the browser', function () {
  this.timeout(5 * STEP_MS);
  inOrder(this);
  let world: FlowWorld;
  let browser: Browser;
  let page: Page;
  let caseId: string;

  before(async () => {
    world = await openFlowWorld('acting-look', FLOW, { webDir: await builtPages() });
    for (const name of ['吴一', '周二']) await world.person(name, '52', ['cma.examine']);
    await world.person('郑三', '52', []);
    caseId = await world.start('受理岗', { name: '试验' });
    browser = await openBrowser();
    page = await pageOf('吴一');
  });
  after(async () => {
    await browser?.close();
    await world?.close();
  });

  async function pageOf(person: string): Promise<Page> {
    const opened = await openPage(browser, world.url);
    await signIn(opened, world.people[person]!);
    return opened;
  }
  const look = async (of: Page, name: string) => {
    if (process.env.SHOTS) await of.screenshot({ path: `${process.env.SHOTS}/${name}.png` });
  };
  /** Presses an action of the decision bar, whichever place it has found. */
  async function press(on: Page, name: string): Promise<void> {
    const bar = on.getByRole('region', { name: '办理' });
    const button = bar.getByRole('button', { name: new RegExp(`^${name}`) });
    const more = bar.getByRole('button', { name: '更多操作' });
    await waitFor(button.or(more));
    if (await button.isVisible()) return button.click();
    await more.click();
    await on.getByRole('menuitem', { name: new RegExp(`^${name}`) }).click();
  }
  async function choose(on: Page, label: string, name: string): Promise<void> {
    const dialog = on.getByRole('dialog');
    await dialog.getByLabel(label, { exact: true }).focus();
    await on.keyboard.insertText(name);
    await on.getByRole('option', { name: new RegExp(`^${name}`) }).click();
    await on.keyboard.press('Tab');
  }

  it('ask for an opinion, give it, see it before deciding [PLT-1.5]', async () => {
    await page.goto(`/cases/${caseId}`);
    await press(page, '加签…');
    const dialog = page.getByRole('dialog');
    await waitFor(dialog.getByText('先听意见，意见提交后回到您这里'));
    await choose(page, '交给谁', '郑三');
    await dialog.getByLabel('理由').fill('涉及专业问题');
    await look(page, 'add-sign');
    await dialog.getByRole('button', { name: '加签', exact: true }).click();
    await waitFor(page.getByText('等待意见'));
    await look(page, 'add-sign-awaited');
    const own = page.getByRole('region', { name: '办理' }).getByRole('textbox', { name: '意见' });
    await own.fill('参数齐全，拟同意');
    await waitFor(page.getByText(/意见已保存/));
    const added = await pageOf('郑三');
    await added.goto('/inbox');
    await waitFor(added.getByText('加签', { exact: true }));
    await look(added, 'add-sign-inbox');
    await added.goto(`/cases/${caseId}`);
    await added.getByRole('region', { name: '办理' }).getByRole('textbox').fill('参数齐全');
    await press(added, '提交加签意见');
    await waitFor(added.getByText('已提交：提交加签意见'));
    await page.reload();
    await waitFor(page.getByText('参数齐全', { exact: true }));
    assert.equal(await own.inputValue(), '参数齐全，拟同意');
    const phone = await onPhone(page);
    await phone.emulateMedia({ colorScheme: 'dark' });
    await waitFor(phone.getByText('参数齐全'));
    await look(phone, 'add-sign-phone-dark');
    assert.equal(await overflowOf(phone), 0);
    await phone.close();
    await added.close();
  });

  it('copy, delegate, give back, transfer, urge [PLT-1.5]', async () => {
    const dialog = page.getByRole('dialog');
    const hand = async (act: string, to: string) => {
      await press(page, `${act}…`);
      await choose(page, '交给谁', to);
      await dialog.getByRole('textbox').last().fill('请配合');
      await look(page, act);
      await dialog.getByRole('button', { name: act, exact: true }).click();
      await waitFor(page.getByText(`已${act}`));
      await page.reload();
    };
    await hand('抄送', '郑三');
    await hand('委托办理', '郑三');
    const delegate = await pageOf('郑三');
    await delegate.goto(`/cases/${caseId}`);
    await delegate.getByRole('region', { name: '办理' }).getByRole('textbox').fill('拟同意');
    await look(delegate, 'give-back');
    await press(delegate, '交还');
    await delegate
      .getByRole('region', { name: '办理' })
      .getByRole('button', { name: '交还' })
      .waitFor({ state: 'detached' });
    await page.reload();
    await hand('转办', '周二');
    await delegate.close();
    const other = await pageOf('受理岗');
    await other.goto(`/cases/${caseId}`);
    await waitFor(other.getByRole('region', { name: '办理' }));
    await look(other, 'urge');
    await other.close();
  });

  it('declare an absence; the deputy acts in that name [PLT-1.7]', async () => {
    const absent = await pageOf('周二');
    await absent.getByRole('button', { name: '账户' }).click();
    await absent.getByRole('menuitem', { name: '外出代理' }).click();
    await absent.getByRole('button', { name: '登记外出…' }).first().click();
    await choose(absent, '代理人', '郑三');
    await look(absent, 'absence-dialog');
    await absent.getByRole('dialog').getByRole('button', { name: '登记', exact: true }).click();
    await waitFor(absent.getByText('代理中'));
    await look(absent, 'absences');
    const phone = await onPhone(absent);
    await phone.emulateMedia({ colorScheme: 'dark' });
    await waitFor(phone.getByText('代理中'));
    await look(phone, 'absences-phone-dark');
    assert.equal(await overflowOf(phone), 0);
    await phone.close();
    const deputy = await pageOf('郑三');
    await deputy.goto(`/cases/${caseId}`);
    await waitFor(deputy.getByText('您代周二办理'));
    await look(deputy, 'acting-for');
    await press(deputy, '同意');
    await waitFor(deputy.getByText('已办：同意'));
    await world.quiet();
    assert.equal((await world.view('受理岗', caseId)).result, 'done');
    await deputy.goto('/done');
    await waitFor(deputy.getByText('郑三 代 周二'));
    await look(deputy, 'done-for');
  });
});
