/** An administrator keeps people and offices, and phrases are kept, in a real browser. */
import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { openWorld, type World } from '../api/src/main/world.ts';
import { createClients } from '../api/src/scenarios/client.ts';
import { builtPages, onPhone, openBrowser, openPage, overflowOf, signIn, STEP_MS } from './browser.ts';
import { waitFor } from './steps.ts';

const ADMIN = '管理员';
const CLERK = '受理岗';

describe('people, offices and phrases in the browser', function () {
  this.timeout(3 * STEP_MS);
  let world: World;
  let browser: Browser;
  let page: Page;
  before(async () => {
    world = await openWorld({ webDir: await builtPages() });
    browser = await openBrowser();
    page = await openPage(browser, world.url);
    await signIn(page, world.people[ADMIN]!);
  });
  after(async () => {
    await browser?.close();
    await world?.close();
  });

  const dialog = () => page.getByRole('dialog').last();
  const nameOf = async (title: string): Promise<string> => {
    const { login } = world.people[title]!;
    const { name } = await world.core
      .db('person as p')
      .join('account as a', 'a.person_id', 'p.id')
      .where({ login })
      .first('p.name');
    return name;
  };

  it('an office is changed; who was slower sees both versions and chooses [PLT-7.1, PLT-13.2]', async () => {
    await page.goto('/offices');
    const row = page.getByRole('row', { name: /520102/ });
    await (await waitFor(row)).getByRole('button', { name: /^修改/ }).click();
    const admin = await createClients(world)(ADMIN);
    await admin.send('PATCH', '/offices/520102', { shortName: '南明分局', version: 1 });
    await dialog().getByLabel('简称').fill('南明局');
    await dialog().getByLabel('电话').fill('0851-1234');
    await dialog().getByRole('button', { name: '保存', exact: true }).click();
    await dialog().getByRole('group', { name: '简称' }).getByText('南明分局').waitFor();
    await dialog().getByRole('button', { name: '用已保存的' }).click();
    await waitFor(page.getByText('已修改'));
    const { short_name: short, profile } = await world.core.db('office').where({ code: '520102' }).first();
    assert.deepEqual([short, profile.phone], ['南明分局', '0851-1234']);
  });

  it('an office that is still needed is not ended, and the page says what stands against it [PLT-7.1]', async () => {
    await page
      .getByRole('row', { name: /520102/ })
      .getByRole('button', { name: /^撤销/ })
      .click();
    await dialog().getByRole('button', { name: '撤销', exact: true }).click();
    await waitFor(page.getByRole('alert').getByText(/还有 \d+ 位人员，先调到别的机关/));
  });

  it('an office that somebody else changed meanwhile is ended after a look at both versions only [PLT-7.1, PLT-13.2]', async () => {
    const admin = await createClients(world)(ADMIN);
    await admin.send('POST', '/offices', { code: '5223', name: '黔西南州局', shortName: '黔西南' });
    await page.reload();
    const row = await waitFor(page.getByRole('row', { name: /5223/ }));
    await admin.send('PATCH', '/offices/5223', { shortName: '兴义', version: 1 });
    await row.getByRole('button', { name: /^撤销/ }).click();
    await dialog().getByRole('button', { name: '撤销', exact: true }).click();
    await dialog().getByText('您看到的：黔西南州局、黔西南。现在是：黔西南州局、兴义。').waitFor();
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/office-end.png` });
    await dialog().getByRole('button', { name: '不撤销' }).click();
    await waitFor(row.getByText('兴义'));
    await admin.send('POST', '/offices/5223/end', { version: 2 });
    await row.getByRole('button', { name: /^撤销/ }).click();
    await dialog().getByRole('button', { name: '撤销', exact: true }).click();
    await waitFor(page.getByRole('alert').getByText('别处刚改过，看过新的再改'));
    await waitFor(row.getByRole('button', { name: /^恢复/ }));
  });

  it('an office that was ended by mistake is opened again [PLT-7.1]', async () => {
    const admin = await createClients(world)(ADMIN);
    await admin.send('POST', '/offices', { code: '5206', name: '铜仁市局', shortName: '铜仁市局' });
    await page.reload();
    const row = await waitFor(page.getByRole('row', { name: /5206/ }));
    await row.getByRole('button', { name: /^撤销/ }).click();
    await dialog().getByRole('button', { name: '撤销', exact: true }).click();
    await (await waitFor(row.getByRole('button', { name: '恢复铜仁市局' }))).click();
    await waitFor(page.getByText('铜仁市局 已恢复'));
    await waitFor(row.getByRole('button', { name: '修改铜仁市局' }));
  });

  it('a person is changed, and an absence declared and ended for them [PLT-1.7, PLT-7.1]', async () => {
    const name = await nameOf(CLERK);
    await page.goto('/people');
    await page.getByRole('button', { name, exact: true }).click();
    await page.getByRole('button', { name: '修改', exact: true }).click();
    await dialog().getByLabel('职务').fill('一级主任科员');
    await dialog().getByRole('button', { name: '保存', exact: true }).click();
    await waitFor(page.getByRole('definition').getByText('一级主任科员'));

    await page.getByRole('button', { name: '登记外出…' }).click();
    await dialog().getByLabel('代理人').click();
    await page.getByRole('option', { name: await nameOf('决定岗') }).click();
    await dialog().getByRole('button', { name: '登记', exact: true }).click();
    await waitFor(page.getByText('代理中'));
    await page.getByRole('button', { name: '结束', exact: true }).click();
    await dialog().getByRole('button', { name: '结束', exact: true }).click();
    await waitFor(page.getByText(`已结束${name}的外出代理`));
    await page.getByText('没有外出登记').waitFor();
    assert.equal((await world.core.db('absence').first('ended_at')).ended_at !== null, true);
  });

  it('phrases are added, changed and removed [PLT-1.2]', async () => {
    const clerk = await openPage(browser, world.url);
    await signIn(clerk, world.people[CLERK]!);
    await clerk.goto('/phrases');
    await (await waitFor(clerk.getByRole('button', { name: '新增常用语…' }))).click();
    await clerk.getByRole('textbox', { name: '常用语', exact: true }).fill('材料齐全。');
    await clerk.getByRole('button', { name: '保存' }).click();
    await (await waitFor(clerk.getByRole('button', { name: '修改「材料齐全。」' }))).click();
    await clerk.getByRole('textbox', { name: '常用语', exact: true }).fill('材料齐全，准予受理。');
    const elsewhere = await createClients(world)(CLERK);
    const [phrase] = (await elsewhere.get<{ rows: { id: string; version: number }[] }>('/phrases')).rows;
    await elsewhere.send('PATCH', `/phrases/${phrase!.id}`, { text: '材料不齐。', version: phrase!.version });
    await clerk.getByRole('button', { name: '保存' }).click();
    await waitFor(clerk.getByRole('dialog').getByText('材料不齐。'));
    await clerk.getByRole('dialog').getByRole('button', { name: '用我的覆盖' }).click();
    const phone = await onPhone(clerk);
    await waitFor(phone.getByText('材料齐全，准予受理。'));
    assert.equal(await overflowOf(phone), 0);
    await phone.getByRole('button', { name: '删除「材料齐全，准予受理。」' }).click();
    await waitFor(phone.getByText('还没有常用语'));
  });
});
