/** A form with every kind of field in a real browser: how it looks, long imports, a newer version. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { readSheet } from 'read-excel-file/node';
import { packagePlaces, type Folders } from '../api/src/flows/index.ts';
import { knownTopics } from '../api/src/main/known-topics.ts';
import { openWorld, type World } from '../api/src/main/world.ts';
import { createClients, sheetOf, type Client } from '../api/src/scenarios/index.ts';
import type { Group, TableField } from '../contracts/forms/index.ts';
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
import { XLSX } from './excel.ts';
import { changeForm, flowsWith } from './package.ts';
import { placeOf, waitFor } from './steps.ts';

const FLOW = 'every-kind';
const ROWS = 10_000;
const FAULTY = 3;

/** Its own application has a code already, and nothing of it is sealed. */
async function everyKind(): Promise<Group[]> {
  const file = new URL('../contracts/forms/examples/every-kind.form.json', import.meta.url);
  const { components } = JSON.parse(await readFile(file, 'utf8')) as { components: Group[] };
  return components.map((group) => ({
    ...group,
    components: group.components.filter((one) => one.type === 'note' || !['uscc', 'sealed'].includes(one.key)),
  }));
}

describe('a form with every kind of field in the browser', function () {
  this.timeout(3 * STEP_MS);
  inOrder(this);
  let root: string;
  let folders: Folders;
  let world: World;
  let browser: Browser;
  let page: Page;
  let client: Client;
  let id: string;
  let groups: Group[];
  const wrong: string[] = [];

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'every-kind-'));
    groups = await everyKind();
    folders = await flowsWith(root, { [FLOW]: groups });
    world = await openWorld({ folders, webDir: await builtPages() });
    client = await createClients(world)('申请人');
    id = (await client.send<{ id: string }>('POST', '/drafts', { flow: FLOW })).id;
    browser = await openBrowser();
    page = await openPage(browser, world.url);
    page.on('pageerror', (error) => wrong.push(error.message));
    await signIn(page, world.people['申请人']!);
    await page.goto(`/applications/${id}`);
    await waitFor(placeOf(page, 'shortText'));
  });
  after(async () => {
    await browser?.close();
    await world?.close();
    await rm(root, { recursive: true, force: true });
  });

  const fields = () => groups.flatMap((group) => group.components).filter((one) => one.type !== 'note');

  it('shows each with its editor, on a desk and on a phone, and nothing beyond the edge [PLT-4.2]', async () => {
    for (const { key } of fields()) assert.equal(await placeOf(page, key).count(), 1, key);
    await placeOf(page, 'shortText').fill('贵阳市南明区');
    await placeOf(page, 'clock').fill('9：05');
    await placeOf(page, 'assets').fill('20');
    await placeOf(page, 'personId').fill('110105194912310021');
    await placeOf(page, 'email').fill('office@example.com');
    await page.getByText('末位校验码不符').first().waitFor();
    assert.equal(await placeOf(page, 'clock').inputValue(), '09:05', 'spelled as its kind spells it');
    assert.equal(await overflowOf(page), 0);
    await picture(page, 'every-kind');
    const phone = await onPhone(page);
    await waitFor(placeOf(phone, 'email'));
    assert.equal(await overflowOf(phone), 0);
    await phone.close();
    assert.deepEqual(wrong, []);
  });

  it('imports 10,000 rows that are found again after a reload, with the faulty ones to download [PLT-4.4]', async () => {
    const table = fields().find((one) => one.key === 'samples') as TableField;
    const rows = Array.from({ length: ROWS }, (_, i) => ({
      code: i < FAULTY ? '' : `S-${i}`,
      name: `样品 ${i}`,
      amount: 1.25,
      kind: 'solid',
    }));
    const file = { name: '样品.xlsx', mimeType: XLSX, buffer: await sheetOf(table, rows) };
    const place = placeOf(page, 'samples');
    await place.getByRole('button', { name: '导入', exact: true }).click();
    await place.locator('.import input[type=file]').setInputFiles(file);
    await waitFor(place.getByText('可以离开这一页'));
    await page.reload();
    await world.quiet();
    await waitFor(place.getByText('行通过'));
    await waitFor(place.getByText(`${ROWS - FAULTY} 行`, { exact: true }));
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      place.getByRole('link', { name: '下载错误清单' }).click(),
    ]);
    const faulty = await readSheet(await readFile(await download.path()));
    assert.equal(faulty.length, FAULTY + 1);
    await place.getByRole('textbox', { name: /^在.+里查找$/ }).fill('S-9999');
    await waitFor(place.locator('tbody').filter({ hasText: 'S-9999' }));
  });

  it('goes on with a newer version of the form, told what differs [PLT-2.3]', async () => {
    await changeForm(folders, FLOW, (form) => ({
      ...form,
      components: form.components.map((group) =>
        group.type !== 'group' || group.id !== 'typed'
          ? group
          : {
              ...group,
              components: [
                ...group.components.filter((one) => one.type === 'note' || one.key !== 'email'),
                { type: 'text', key: 'website', label: '网站', labelEn: 'Website', validate: { required: true } },
              ],
            },
      ),
    }));
    const places = (await packagePlaces(folders)).filter(({ name }) => name === FLOW);
    await world.app.flows.release(folders, { by: null, topics: knownTopics(), places });
    await page.reload();
    const note = page.getByRole('status').filter({ hasText: '表单有了新版' });
    await waitFor(note.getByText('网站'));
    assert.match(await note.innerText(), /不再需要[\s\S]*电子邮箱[\s\S]*原填：office@example\.com/);
    await note.getByRole('button', { name: '换到新版，接着填' }).click();
    await waitFor(placeOf(page, 'website'));
    assert.equal(await placeOf(page, 'shortText').inputValue(), '贵阳市南明区');
    assert.equal(await placeOf(page, 'email').count(), 0);
    assert.equal(await note.count(), 0);
    await placeOf(page, 'website').fill('https://example.cn');
    await waitFor(page.getByText(/已保存 \d/));
    assert.deepEqual(wrong, []);
  });
});
