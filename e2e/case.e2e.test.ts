/** The case view in a real browser: what changed since the return and since the last look. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import writeExcel from 'write-excel-file/node';
import type { FormView, Row } from '../contracts/api/index.ts';
import { end, openFlowWorld, outcome, path, start, user, type FlowWorld } from '../api/src/tasks/testing.ts';
import { builtPages, inOrder, onPhone, openBrowser, openPage, overflowOf, signIn, STEP_MS } from './browser.ts';
import { waitFor } from './steps.ts';

const agree = [outcome('agree', { zh: '同意', kind: 'primary' })];
const TABLE = {
  type: 'table',
  key: 'devices',
  label: '设备',
  columns: [
    { type: 'text', key: 'name', label: '名称' },
    { type: 'text', key: 'range', label: '量程' },
  ],
};
const FLOW = {
  flow: {
    form: 'report',
    start: { roles: ['cma.acceptance'] },
    materials: [
      { id: 'papers', title: { zh: '附件', en: 'Papers' }, required: false, types: ['docx', 'xlsx', 'pdf'], max: 5 },
    ],
  },
  forms: {
    report: [{ type: 'text', key: 'name', label: '机构名称' }, { type: 'text', key: 'site', label: '场所' }, TABLE],
  },
  model: [
    start,
    user('accept', 'cma.acceptance', agree, { edits: 'report' }),
    user('review', 'cma.acceptance', agree, { actions: 'return', returnTo: 'accept' }),
    end('done'),
    path('start accept review done'),
  ].join(''),
};
const BY = '南明区受理岗';
const FORM = '/forms/:case/report';

describe('the case view in the browser', function () {
  this.timeout(10 * STEP_MS);
  inOrder(this);
  let world: FlowWorld;
  let browser: Browser;
  let page: Page;
  let caseId: string;
  let older: Buffer;
  let newer: Buffer;
  const wrong: string[] = [];

  before(async () => {
    [older, newer] = await Promise.all(['acceptance-notice', 'refusal-decision'].map(template));
    world = await openFlowWorld('case-look', FLOW, { webDir: await builtPages() });
    caseId = await world.start(BY, { name: '试验', site: '一楼' });
    browser = await openBrowser();
    page = await openPage(browser, world.url);
    page.on('pageerror', (error) => wrong.push(error.message));
    await signIn(page, world.people[BY]!);
  });
  after(async () => {
    await browser?.close();
    await world?.close();
  });

  const at = (part = '') => FORM.replace(':case', caseId) + part;
  async function save(set: object): Promise<void> {
    const client = await world.as(BY);
    const { edits } = await client.get<FormView>(at());
    await client.send('PATCH', at(), { edits, set });
  }

  /** Does what asks for the preview of a file, and lets it be made. */
  async function made(act: () => Promise<void>): Promise<void> {
    const asked = page.waitForResponse((answer) => answer.url().endsWith('/preview'));
    await act();
    await asked;
    await world.quiet();
  }

  it('marks fields and rows that changed since the return, and can show only these [PLT-1.8]', async () => {
    const client = await world.as(BY);
    for (const name of ['天平', '砝码', '温度计'])
      await client.send('POST', at('/tables/devices/rows'), { data: { name, range: '200 g' } });
    for (const [name, bytes] of [['旧说明.docx', older] as const, ['清单.xlsx', await workbook()] as const])
      await client.upload(at('/materials/papers'), { name, bytes, type: 'application/octet-stream' });
    await world.decide(BY, caseId, 'accept', { outcome: 'agree' });
    const { id: task } = await world.task(BY, caseId, 'review');
    await page.goto(`/cases/${caseId}?task=${task}`);
    await waitFor(page.getByText('温度计'));
    await page.getByRole('button', { name: '退回…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: /^按流程重走/ }).click({ force: true });
    await dialog.getByLabel('退回原因').fill('量程写全');
    await dialog.getByRole('button', { name: /^退回到「accept」/ }).click();
    await waitFor(page.getByText('已退回到「accept」'));
    await world.quiet();
    const { rows } = await client.get<{ rows: Row[] }>(at('/tables/devices/rows'));
    await save({ site: '二楼' });
    await client.send('PUT', at(`/tables/devices/rows/${rows[1]!.id}`), { data: { name: '砝码', range: '500 g' } });
    await client.send('DELETE', at(`/tables/devices/rows/${rows[2]!.id}`));
    const { materials } = await client.get<FormView>(at());
    const replaced = materials[0]!.files.find((file) => file.name.endsWith('.docx'))!.id;
    const inPlace = { name: '说明.docx', bytes: newer, type: 'application/octet-stream' };
    await client.upload(at(`/materials/papers?replaces=${replaced}`), inPlace);
    await world.decide(BY, caseId, 'accept', { outcome: 'agree' });

    await page.goto(`/cases/${caseId}`);
    const changes = page.getByRole('region', { name: '改了什么' });
    await waitFor(changes.getByText(/退回以来 4 处/));
    await waitFor(changes.getByText(/看过以来 4 处/));
    const form = page.locator('#form-report');
    await waitFor(form.locator('.fact.changed .del', { hasText: '一楼' }));
    await changes.getByText('只看改动').click();
    await form.getByText('天平').waitFor({ state: 'detached' });
    await waitFor(form.locator('tbody.changed .del', { hasText: '温度计' }));
    await waitFor(form.locator('tbody.changed .ins', { hasText: '500 g' }));
    assert.equal(await form.getByText('机构名称').count(), 0);
    const phone = await onPhone(page);
    await waitFor(phone.getByText(/退回以来 4 处/));
    assert.equal(await overflowOf(phone), 0);
    await phone.close();
    assert.deepEqual(wrong, []);
  });

  it('shows Word and Excel files in the page, and what they took the place of [PLT-1.8]', async () => {
    const materials = page.locator('#materials');
    await materials.scrollIntoViewIfNeeded();
    await made(async () => {
      await materials.getByRole('button', { name: /^说明/ }).click();
      await waitFor(materials.getByText('正在转成可以在这里看的样子'));
    });
    const converted = materials.getByText('由 Word 转成，版式以原件为准');
    await waitFor(converted);
    await waitFor(materials.getByRole('img', { name: /^说明.docx 第 1 \/ \d+ 页/ }));
    await made(() => materials.getByRole('button', { name: /^清单/ }).click());
    await waitFor(materials.getByRole('cell', { name: '砝码' }));
    await materials.getByRole('button', { name: '看被代替的 1 件' }).click();
    await waitFor(materials.getByRole('button', { name: '旧说明.docx 旧版' }));
    await materials.getByRole('button', { name: /^说明/ }).click();
    await made(() => materials.getByRole('button', { name: '与旧版并排' }).click());
    await converted.nth(1).waitFor();
    assert.deepEqual(wrong, []);
  });

  it('watches a case from its head, and finds lines of its time line [PLT-1.1] [PLT-1.8]', async () => {
    await page.getByRole('button', { name: '关注', exact: true }).click();
    await waitFor(page.getByRole('button', { name: '已关注' }));
    assert.equal((await world.view(BY, caseId)).watched, true);
    const history = page.locator('#history');
    await history.getByText('办理', { exact: true }).click();
    await history.getByRole('searchbox', { name: '搜内容、人、环节' }).fill('退回');
    await page.waitForFunction(() => document.querySelectorAll('#history li').length === 1);
    await waitFor(history.getByText('退回到「accept」'));
    assert.equal(await history.getByRole('listitem').count(), 1);
  });
});

const template = (name: string) => readFile(new URL(`../templates/cma/${name}.docx`, import.meta.url));

const workbook = () =>
  writeExcel(
    [
      ['名称', '量程'],
      ['砝码', '200 g'],
    ].map((row) => row.map((value) => ({ value }))),
  ).toBuffer();
