/** An applicant on a phone: data that are known, what is missing, what was typed on any device. */
import assert from 'node:assert/strict';
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
import { builtPages, openBrowser, openPage, overflowOf, signIn, STEP_MS } from './browser.ts';
import { placeOf, waitFor } from './steps.ts';

const PHONE = { width: 375, height: 812 };

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
      { id: 'plan', title: { zh: '平面图', en: 'Plan' }, required: true, types: ['pdf'], max: 1 },
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
    path('start check checked done'),
    path('supply check'),
    '<bpmn:sequenceFlow id="checked-supply" name="补正" sourceRef="checked" targetRef="supply"><bpmn:conditionExpression>${check_outcome == \'more\'}</bpmn:conditionExpression></bpmn:sequenceFlow>',
  ].join(''),
};

describe('an applicant on the phone', function () {
  this.timeout(6 * STEP_MS);
  this.bail(true);
  let world: FlowWorld;
  let browser: Browser;
  let page: Page;
  let owner: string;

  before(async () => {
    world = await openFlowWorld('applicant-look', FLOW, { webDir: await builtPages() });
    await world.person('甲', '52', ['cma.acceptance']);
    await world.person('乙', '52', ['cma.acceptance']);
    browser = await openBrowser();
    page = await openPage(browser, world.url, PHONE);
    await signIn(page, world.people['申请人']!);
  });
  after(async () => {
    await browser?.close();
    await world?.close();
  });

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
});
