/** An applicant on a phone: data that are known, an upload that is cut, a form that changes, a supplement. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import {
  end,
  openFlowWorld,
  outcome,
  path,
  start,
  user,
  type FlowWorld,
  type TestFlow,
} from '../api/src/tasks/testing.ts';
import { builtPages, inOrder, openBrowser, openPage, overflowOf, signIn, STEP_MS } from './browser.ts';
import { drawn } from './settled.ts';
import { placeOf, waitFor } from './steps.ts';

const PHONE = { width: 375, height: 812 };
const MB = 1024 * 1024;
const SHOTS = process.env.SHOTS;

const FIELDS = [
  { type: 'textfield', key: 'name', label: '名称', validate: { required: true } },
  { type: 'textfield', key: 'address', label: '住所', validate: { required: true } },
  { type: 'textfield', key: 'purpose', label: '用途', validate: { required: true } },
  {
    type: 'table',
    key: 'rooms',
    label: '房间',
    columns: [
      { type: 'text', key: 'title', label: '房间名称', validate: { required: true } },
      { type: 'number', key: 'area', label: '面积', validate: { required: true } },
    ],
  },
];
const answers = [outcome('accept', { zh: '受理', kind: 'primary' }), outcome('more', { zh: '补正', needs: ['pins'] })];
const FLOW: TestFlow = {
  flow: {
    form: 'application',
    start: { roles: ['applicant'] },
    case: { numberRule: 'case.cma', title: '{applicant} 试验', office: 'province' },
    materials: [
      {
        ...{ id: 'plan', title: { zh: '平面图', en: 'Plan' }, required: true, types: ['pdf'], max: 1 },
        sample: 'org-chart-sample.pdf',
      },
      { id: 'lease', title: { zh: '租赁合同', en: 'Lease' }, required: false, types: ['pdf'], max: 1 },
    ],
  },
  forms: { application: FIELDS },
  model: [
    start,
    user('check', 'cma.acceptance', answers),
    '<bpmn:exclusiveGateway id="checked" name="结果" default="checked-done" />',
    user('supply', 'applicant', [outcome('resubmit', { zh: '提交补正', kind: 'primary', needs: ['form'] })], {
      edits: 'application:pinned',
    }),
    end('done'),
    user('putOff', 'cma.acceptance', [outcome('agree', { kind: 'primary' })], { 'on-demand': 'extend' }),
    end('putOffEnd'),
    path('putOff putOffEnd'),
    path('start check checked done'),
    path('supply check'),
    '<bpmn:sequenceFlow id="checked-supply" name="补正" sourceRef="checked" targetRef="supply"><bpmn:conditionExpression>${check_outcome == \'more\'}</bpmn:conditionExpression></bpmn:sequenceFlow>',
  ].join(''),
};

describe('an applicant on the phone', function () {
  this.timeout(6 * STEP_MS);
  inOrder(this);
  let world: FlowWorld;
  let browser: Browser;
  let page: Page;
  let owner: string;
  let folder: string;

  before(async () => {
    world = await openFlowWorld('applicant-look', FLOW, { webDir: await builtPages() });
    await world.person('甲', '52', ['cma.acceptance']);
    await world.person('乙', '52', ['cma.acceptance']);
    folder = await mkdtemp(join(tmpdir(), 'applicant-'));
    browser = await openBrowser();
    page = await openPage(browser, world.url, PHONE);
    await signIn(page, world.people['申请人']!);
  });
  after(async () => {
    await browser?.close();
    await world?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const shot = async (name: string) =>
    SHOTS && (await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true }));
  const saved = (key: string, of: Page) =>
    of.waitForResponse((answer) => (answer.request().postData() ?? '').includes(`"${key}"`) && answer.ok());

  it('finds what is known filled in, with its source, and one list of what is missing [PLT-2.2 PLT-2.4]', async () => {
    await page.goto('/catalogue');
    await page.getByRole('button', { name: '开始申请' }).first().click();
    await waitFor(placeOf(page, 'name'));
    await page.waitForURL(/\/applications\//);
    owner = new URL(page.url()).pathname.split('/').at(-1)!;
    assert.notEqual(await placeOf(page, 'name').inputValue(), '');
    assert.match(await page.locator('[id="at-name-line"]').innerText(), /\d{4}-\d{2}-\d{2}/);
    await page.getByRole('button', { name: /去补/ }).first().click();
    assert.equal(await overflowOf(page), 0);
    await shot('missing');
  });

  it('keeps each pause; a second device sees it, and signing out loses nothing [PLT-2.3]', async () => {
    const kept = saved('purpose', page);
    await placeOf(page, 'purpose').fill('检测用房');
    await kept;
    const desk = await openPage(browser, world.url);
    await signIn(desk, world.people['申请人']!);
    await desk.goto(`/applications/${owner}`);
    await waitFor(placeOf(desk, 'purpose'));
    assert.equal(await placeOf(desk, 'purpose').inputValue(), '检测用房');
    await desk.context().close();
    await page.context().clearCookies();
    await signIn(page, world.people['申请人']!);
    await page.goto(`/applications/${owner}`);
    await waitFor(placeOf(page, 'purpose'));
    assert.equal(await placeOf(page, 'purpose').inputValue(), '检测用房');
  });

  it('goes on with a file that was cut at 80 %, after a reload and signing in again [PLT-2.3]', async () => {
    const bytes = Buffer.alloc(2 * MB + MB / 2, ' ');
    bytes.write('%PDF-1.7\n');
    bytes.write('\n%%EOF', bytes.length - 6);
    // A file on disk: chosen again, it is the same one, with the same time of its last change.
    const file = join(folder, '平面图.pdf');
    await writeFile(file, bytes);
    const sent: number[] = [];
    let cut = true;
    await page.context().route('**/uploads/*/parts/*', async (route) => {
      const at = Number(new URL(route.request().url()).pathname.split('/').at(-1));
      if (cut && at >= 0.8 * bytes.length) return route.abort('connectionreset');
      sent.push(at);
      await route.continue();
    });
    const input = () => placeOf(page, 'materials/plan').locator('input[type=file]');
    await waitFor(placeOf(page, 'materials/plan'));
    const aborted = page.waitForEvent('requestfailed', (request) => request.url().includes('/parts/'));
    await input().setInputFiles(file);
    await aborted;
    assert.equal(sent.length, 8, 'eight of ten parts arrived');
    await page.context().clearCookies();
    await signIn(page, world.people['申请人']!);
    await page.goto(`/applications/${owner}`);
    cut = false;
    await waitFor(placeOf(page, 'materials/plan'));
    // What is typed and saved while the form is read again for the file is not undone by that.
    const purpose = async (text: string) => {
      const kept = saved('purpose', page);
      await placeOf(page, 'purpose').fill(text);
      await placeOf(page, 'purpose').blur();
      await kept;
    };
    const form = `**/forms/${owner}/application`;
    let late = true;
    let arrived = () => {};
    const readAgain = new Promise<void>((resolve) => (arrived = resolve));
    await page.route(form, async (route) => {
      if (!late || route.request().method() !== 'GET' || sent.length < 10) return route.continue();
      late = false;
      const response = await route.fetch();
      await purpose('办公用房');
      await route.fulfill({ response });
      arrived();
    });
    await input().setInputFiles(file);
    await waitFor(placeOf(page, 'materials/plan').getByText('已上传', { exact: true }));
    await readAgain;
    await page.unroute(form);
    await drawn(page);
    assert.equal(await placeOf(page, 'purpose').inputValue(), '办公用房');
    await purpose('检测用房');
    assert.equal(sent.length, 10, 'no part was sent twice');
    assert.equal(new Set(sent).size, 10);
    const plan = placeOf(page, 'materials/plan');
    assert.match(await plan.innerText(), /PDF，最多 1 件/);
    assert.equal(await plan.getByRole('button', { name: /^上传/ }).count(), 0, 'it is full');
    assert.equal(await page.getByText('拖到这里').count(), 0, 'nothing is dragged on a phone');
    await page.context().unroute('**/uploads/*/parts/*');
  });

  it('is shown what a newer form asks otherwise, and carries the values over [PLT-2.3]', async () => {
    const more = { type: 'textfield', key: 'contact', label: '联系人', validate: { required: true } };
    await world.release({ ...FLOW, forms: { application: [...FIELDS, more] } });
    await page.reload();
    await waitFor(page.getByText('联系人'));
    await shot('newer');
    await page.getByRole('button', { name: '换到新版，接着填' }).click();
    await waitFor(placeOf(page, 'contact'));
    assert.equal(await placeOf(page, 'purpose').inputValue(), '检测用房');
    const kept = saved('contact', page);
    await placeOf(page, 'contact').fill('张三');
    await kept;
    await page.getByRole('button', { name: /^提交/ }).last().click();
    await waitFor(page.getByText(/^CMA-/));
    await world.quiet();
  });

  it('mends what was asked for and nothing else; it goes back to the same reviewer [PLT-2.5]', async () => {
    const pins = [
      { path: 'purpose', item: '用途', reason: '写明检测类别' },
      { path: 'materials/plan', item: '平面图', reason: '缺少比例尺' },
    ];
    await world.decide('甲', owner, 'check', { outcome: 'more', pins });
    const offered = async (who: string) => (await world.view(who, owner)).offers.map(({ action }) => action);
    const todo = async (who: string) =>
      (await (await world.as(who)).get<{ rows: { id: string }[] }>('/cases?todo=mine')).rows.map(({ id }) => id);
    assert.deepEqual([await todo('申请人'), await todo('乙')], [[owner], []], 'what waits is found by itself');
    assert.ok(!(await offered('申请人')).includes('parts/putOff'), 'the office’s own means are not the applicant’s');
    await page.goto('/desk');
    await page.getByRole('button', { name: /^去/ }).first().click();
    await waitFor(page.getByText('写明检测类别'));
    await page.locator('input[type=file]').first().waitFor({ state: 'attached' });
    assert.equal(await page.locator('input[type=file]').count(), 1);
    assert.equal(await overflowOf(page), 0);
    assert.equal(await page.getByText('还没有改动', { exact: true }).count(), 2, 'what was handed in is no change');
    await shot('supplement');
    const kept = saved('purpose', page);
    await placeOf(page, 'purpose').fill('食品检测用房');
    await kept;
    await waitFor(page.getByText('检测用房', { exact: true }));
    await page.getByRole('button', { name: '提交补正' }).click();
    const dialog = page.getByRole('dialog', { name: '还有 1 项没有改动' });
    await dialog.getByRole('button', { name: '去改：平面图' }).click();
    await dialog.waitFor({ state: 'hidden' });
    const plan = page.locator('section').filter({ has: page.getByRole('heading', { name: '平面图' }) });
    let goOn = () => {};
    const held = new Promise<void>((resolve) => (goOn = resolve));
    await page.context().route('**/materials/plan*', async (route) => {
      if (route.request().method() !== 'GET') await held;
      await route.continue();
    });
    await plan.getByRole('button', { name: '换一件' }).click();
    await plan.locator('input[type=file]').setInputFiles({
      name: '平面图（含比例尺）.pdf',
      mimeType: 'application/pdf',
      buffer: Buffer.from('%PDF-1.7\n%%EOF'),
    });
    await waitFor(plan.getByText('正在上传', { exact: true }));
    await page.getByRole('button', { name: '提交补正' }).click();
    await waitFor(page.getByText('1 个文件正在上传，传完再提交'));
    assert.equal(await page.getByRole('dialog').and(page.locator(':visible')).count(), 0, 'what comes is a change');
    goOn();
    await waitFor(plan.getByText('已改', { exact: true }));
    await page
      .getByText(/正在上传/)
      .first()
      .waitFor({ state: 'detached' });
    assert.match(
      await plan.innerText(),
      /改前\s*平面图\.pdf[\s\S]*平面图（含比例尺）\.pdf/,
      'before and after, side by side',
    );
    await page.getByRole('button', { name: '提交补正' }).click();
    await waitFor(page.getByText(/^「提交补正」已/));
    await world.quiet();
    assert.equal((await world.task('乙', owner, 'check')).holder?.name, '甲');
  });
});
