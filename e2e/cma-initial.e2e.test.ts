/** The first application of a testing institution, from signing in to the scanned certificate, in a real browser. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, Locator, Page } from 'playwright-core';
import { formFile } from '../api/src/flows/testing-forms.ts';
import { createSandbox, type Sandbox, type World } from '../api/src/main/sandbox.ts';
import { materialFile } from '../api/src/scenarios/index.ts';
import { findField, isTable, type FormSchema, type TableField } from '../contracts/forms/index.ts';
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
import type { Values } from './excel.ts';
import {
  choose,
  codeOn,
  drop,
  importRows,
  isDecided,
  openFromInbox,
  placeOf,
  press,
  refuseRow,
  templateOf,
  upload,
  waitFor,
} from './steps.ts';

const folder = fileURLToPath(new URL('../workflows/cma-initial', import.meta.url));
const read = async <T>(path: string) => JSON.parse(await readFile(`${folder}/${path}`, 'utf8')) as T;
/** A Monday; the fixtures' dates lie around it. */
const BEGIN = new Date('2026-09-14T09:00:00+08:00');
const MATERIALS = ['legal-status', 'site-rights', 'quality-manual', 'procedures', 'typical-report', 'org-chart'];
const COUNTS = { sites: 2, signatories: 12, people: 45, equipment: 120, capabilities: 300 };
const TEAM = [
  ['罗启文', '组长', '添加，再填一行'],
  ['骆青岚', '评审员', '添加这一行'],
] as const;
const NOT_APPROVED = [
  ['贾第鞭毛虫', '现场试验结果不满意'],
  ['隐孢子虫', '现场试验重复性不满意'],
  ['抗冻（快冻法）', '试验机温度均匀性不满足标准'],
] as const;

describe('the first application in the browser', function () {
  this.timeout(10 * STEP_MS);
  inOrder(this);
  let sandbox: Sandbox;
  let world: World;
  let browser: Browser;
  let applicant: Page;
  let form: FormSchema;
  let fixture: { fields: Values; tables: Record<string, Values[]> };
  let caseId: string;

  const tableOf = (key: string): TableField => {
    const field = findField(form, key);
    assert.ok(field && isTable(field));
    return field;
  };

  const quiet = () => world.quiet();
  const subject = () => String(fixture.fields.name);
  const asOfficer = async (title: string): Promise<Page> => {
    const page = await openPage(browser, world.url);
    await signIn(page, world.people[title]!);
    return page;
  };

  /** What opening means is said before; opening is its service, and the notice moves to what was received. */
  const opensNotice = async () => {
    const service = () => world.core.db('app.service').where({ case_id: caseId }).orderBy('position', 'desc').first();
    await applicant.goto('/papers');
    const unopened = applicant.getByRole('button', { name: /^打开《补正通知书.*》…$/ });
    await (await waitFor(unopened)).click();
    await waitFor(applicant.getByText('这件文书还没有打开'));
    assert.equal((await service()).state, 'sent');
    await applicant.getByRole('button', { name: '打开文书，今天送达' }).click();
    await waitFor(applicant.getByRole('img', { name: /补正通知书/ }));
    await waitFor(applicant.locator('header').getByText(/送达$/));
    assert.equal((await service()).state, 'served');
    await applicant.goto('/papers');
    await waitFor(applicant.getByRole('link', { name: '补正通知书' }));
    assert.equal(await unopened.count(), 0);
  };

  before(async () => {
    form = (await formFile('cma-initial', 'application')) as FormSchema;
    fixture = await read('fixtures/institution-a.json');
    sandbox = await createSandbox();
    world = await sandbox.openWorld({ at: BEGIN, webDir: await builtPages() });
    browser = await openBrowser();
    applicant = await openPage(browser, world.url);
  });
  after(async () => {
    await browser?.close();
    await world?.close();
    await sandbox?.close();
  });

  it('fills the application from the register, Excel and files [CMA-3.2, 3.11, 3.12]', async () => {
    await signIn(applicant, world.people['申请人']!);
    await applicant.getByRole('button', { name: '开始申请' }).click();
    await applicant
      .getByRole('article', { name: '检验检测机构资质认定首次申请' })
      .getByRole('button', { name: '开始申请' })
      .click();
    await waitFor(placeOf(applicant, 'uscc'));
    for (const key of ['name', 'uscc', 'address', 'legalRepName', 'techDirectorName', 'staffTotal'])
      assert.equal(await placeOf(applicant, key).inputValue(), String(fixture.fields[key]));

    for (const [key, count] of Object.entries(COUNTS)) {
      const table = tableOf(key);
      const template = await templateOf(applicant, table);
      const rows = fixture.tables[key]!;
      if (key === 'equipment') {
        const faults = { 2: { validUntil: '2029 年 13 月' } };
        const faulty = await importRows(applicant, table, template, rows, { quiet, faults });
        assert.equal(faulty.status, `${count - 1} 行通过，1 行要改`);
        assert.match(faulty.errors.join(), /^第 4 行　有效日期　「2029 年 13 月」不是日期。/);
      }
      const { status, errors } = await importRows(applicant, table, template, rows, { quiet });
      assert.deepEqual({ status, errors }, { status: `${count} 行通过`, errors: [] });
    }

    await choose(applicant, placeOf(applicant, 'applicationType'), '首次');
    await placeOf(applicant, 'systemStartedOn').fill('2026-03-02');
    await placeOf(applicant, 'preferredReviewFrom').fill('2027-01-11');
    await placeOf(applicant, 'preferredReviewTo').fill('2027-01-22');
    await placeOf(applicant, 'selfCommitment').getByText('本机构自愿申请').click();

    await upload(applicant, 'legal-status', '营业执照.pdf', Buffer.from('MZ is how programs begin'));
    const refused = await waitFor(placeOf(applicant, 'materials/legal-status').getByRole('alert'));
    assert.match(await refused.innerText(), /「营业执照.pdf」的内容其实是 EXE。这里收 PDF/);
    for (const item of MATERIALS) {
      const { name, bytes } = await materialFile(item);
      await upload(applicant, item, name, bytes);
      await waitFor(placeOf(applicant, `materials/${item}`).getByText('已上传', { exact: true }));
    }
    await waitFor(applicant.getByRole('heading', { name: '还差 1 项才能提交' }));
  });

  it('shows the application on a phone without reaching beyond its edge [CMA-3.2]', async () => {
    const phone = await onPhone(applicant);
    await waitFor(placeOf(phone, 'uscc'));
    await waitFor(phone.getByRole('button', { name: '去补：申请书签章' }));
    assert.equal(await overflowOf(phone), 0);
    await phone.close();
  });

  it('makes and seals the application book and submits once [CMA-3.8–3.10, 3.13]', async () => {
    await applicant.getByRole('button', { name: '生成申请书', exact: true }).click();
    await waitFor(applicant.getByRole('dialog', { name: '申请书（预览）' }).getByText(/^第 1 \/ \d+ 页/));
    await applicant.keyboard.press('Escape');
    await applicant.getByRole('button', { name: '签章…' }).click();
    const asked = applicant.getByRole('dialog', { name: '在申请书上签章' });
    await asked.getByRole('button', { name: '签章', exact: true }).click();
    await waitFor(applicant.getByRole('dialog', { name: '申请书（已签章）' }).getByText(/^第 1 \/ \d+ 页/));
    await applicant.keyboard.press('Escape');
    await waitFor(applicant.getByRole('heading', { name: '已填好，没有要改的' }));

    let sent = 0;
    applicant.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/submit')) sent += 1;
    });
    await applicant.getByRole('button', { name: '提交申请' }).dblclick();
    await waitFor(applicant.getByText('CMA-2026-00001', { exact: true }));
    assert.equal(sent, 1);
    assert.equal((await world.core.db('app.case')).length, 1);
    await world.quiet();
    await applicant.getByRole('button', { name: '查看办件' }).click();
    await applicant.waitForURL(/\/cases\//);
    caseId = new URL(applicant.url()).pathname.split('/').at(-1)!;
  });

  it('asks once for what is missing, and takes what is supplemented [CMA-3.7, 4.1, 4.3, PLT-2.7]', async () => {
    const officer = await asOfficer('受理岗');
    await waitFor(officer.getByText('这一步要您做'));
    await picture(officer, 'inbox');
    await openFromInbox(officer, subject());
    await waitFor(officer.locator('.djs-container .djs-element'));
    await waitFor(officer.getByText('机构概况'));
    await picture(officer, 'case');
    await press(officer, '一次性告知补正');
    const asked = officer.getByRole('dialog', { name: '一次性告知补正' });
    await asked.getByRole('button', { name: /^材料/ }).click();
    await asked.getByText('质量手册').first().click();
    await asked.getByLabel('理由和要求').fill('缺少授权签字人的授权范围');
    await asked.getByRole('button', { name: '一次性告知补正，1 项' }).click();
    await isDecided(officer, '一次性告知补正');
    await world.quiet();

    await opensNotice();
    await applicant.goto('/desk');
    await applicant.getByRole('button', { name: /^去/ }).click();
    const manual = placeOf(applicant, 'materials/quality-manual');
    await waitFor(manual);
    assert.equal(await applicant.locator('input[type=file]').count(), 1);
    await waitFor(applicant.getByText('缺少授权签字人的授权范围'));
    const { bytes } = await materialFile('quality manual with scopes of signatories');
    await upload(applicant, 'quality-manual', '质量手册（补正）.pdf', bytes);
    await waitFor(manual.getByText('质量手册（补正）.pdf'));
    await waitFor(applicant.getByText('已改', { exact: true }));
    await applicant.getByRole('button', { name: '提交补正' }).click();
    await waitFor(applicant.getByText(/^「提交补正」已/));
    await world.quiet();

    await officer.goto('/inbox');
    await openFromInbox(officer, subject());
    await waitFor(officer.getByText(/只能一次/));
    await press(officer, '受理', '补正材料齐全，予以受理。');
    await isDecided(officer, '受理');
    await officer.context().close();
    await world.quiet();
  });

  it('decides capability by capability in the review, then grants [CMA-4.1]', async () => {
    const reviewer = await asOfficer('评审岗');
    await openFromInbox(reviewer, subject());
    await choose(reviewer, placeOf(reviewer, 'mode'), '现场评审');
    await placeOf(reviewer, 'reviewFrom').fill('2026-09-21');
    await placeOf(reviewer, 'reviewTo').fill('2026-09-23');
    await placeOf(reviewer, 'team').getByRole('button', { name: '添加一行' }).click();
    const member = reviewer.getByRole('dialog', { name: '评审组成员' });
    for (const [name, role, next] of TEAM) {
      await member.getByLabel('姓名').fill(name);
      await choose(reviewer, member.getByLabel('评审组职务'), role);
      await member.getByLabel('工作单位').fill('贵州省示例检测研究院');
      await member.getByLabel('评审员证书编号').fill('PS-0001');
      await member.getByRole('button', { name: next }).click();
      await waitFor(placeOf(reviewer, 'team').getByText(name));
    }
    await placeOf(reviewer, 'checklist').getByRole('button', { name: '其余 50 项全部符合' }).click();
    for (const [words, reason] of NOT_APPROVED) await refuseRow(reviewer, 'capabilityRulings', words, reason);
    const { capabilities, signatories } = COUNTS;
    const rest = (table: Locator) => table.getByRole('button', { name: '其余全部符合' }).click();
    const [able, signing] = ['capabilityRulings', 'signatoryRulings'].map((key) => placeOf(reviewer, key));
    await rest(able!);
    await waitFor(able!.getByText(`已定 ${capabilities} / ${capabilities}`));
    // What was just decided otherwise is none of the rest, though the server hears of it late.
    let letGo = () => {};
    const held = new Promise<void>((resolve) => (letGo = resolve));
    await reviewer.route('**/tables/signatoryRulings/rows/*', async (route) => {
      await held;
      await route.continue();
    });
    const first = signing!.locator('tbody').first();
    await first.getByRole('radio', { name: '不符合' }).click();
    await rest(signing!);
    letGo();
    await waitFor(signing!.getByText(`已定 ${signatories - 1} / ${signatories}`));
    await first.getByRole('radio', { name: '符合', exact: true }).click();
    await waitFor(signing!.getByText(`已定 ${signatories} / ${signatories}`));
    await placeOf(reviewer, 'reviewOpinion').fill('三项能力不予批准，其余符合。');
    await waitFor(reviewer.getByText('已填好，没有要改的'));
    await press(reviewer, '符合', '现场评审结论为符合。');
    await isDecided(reviewer, '符合');
    await reviewer.context().close();
    await world.quiet();

    for (const [title, answer] of [
      ['审查岗', '建议准予许可'],
      ['决定岗', '准予许可'],
    ] as const) {
      const officer = await asOfficer(title);
      await openFromInbox(officer, subject());
      await press(officer, answer, '同意评审结论。');
      await isDecided(officer, answer);
      await officer.context().close();
      await world.quiet();
    }
  });

  it('proves the certificate by its QR code and by its file [CMA-4.4, 9.3]', async () => {
    await applicant.goto(`/cases/${caseId}`);
    const certificates = await waitFor(applicant.locator('#certificates'));
    const number = await certificates.getByRole('link').first().innerText();
    assert.match(number, /^26240014\d{4}$/);
    await certificates.getByRole('link', { name: '打开…' }).click();
    await waitFor(applicant.getByText(/^打开即为送达/));
    await applicant.getByRole('button', { name: '打开文书，今天送达' }).click();
    await waitFor(applicant.getByText(/^第 1 \/ \d+ 页/));
    await applicant.getByRole('link', { name: /^办件 CMA-/ }).click();
    await certificates.getByRole('button', { name: '看证书' }).click();
    const preview = applicant.getByRole('dialog');
    await waitFor(preview.getByText(/^第 1 \/ \d+ 页/));
    const code = await codeOn(preview.locator('canvas'));
    const [download] = await Promise.all([
      applicant.waitForEvent('download'),
      preview.getByRole('link', { name: '下载' }).click(),
    ]);

    const anybody = await openPage(browser, world.url);
    await anybody.goto(code);
    await waitFor(anybody.getByRole('heading', { level: 1, name: '有效' }));
    await waitFor(anybody.getByText(number, { exact: true }));
    const annexes = await anybody.getByRole('heading', { name: /^批准的检验检测能力表/ }).allInnerTexts();
    const approved = annexes.reduce((sum, title) => sum + Number(/(\d+) 项$/.exec(title)?.[1]), 0);
    assert.equal(approved, COUNTS.capabilities - NOT_APPROVED.length);
    await drop(anybody, anybody.locator('.drop'), `${number}.pdf`, await readFile(await download.path()));
    await waitFor(anybody.getByText('真：签章有效，之后没有改动'));
    await waitFor(anybody.getByText('内容与登记库一致'));
    await anybody.context().close();
  });

  it('is evaluated once; who comes second is told, and sees what was said [PLT-2.9]', async () => {
    const second = await applicant.context().newPage();
    const card = (page: Page) => page.locator('#evaluation');
    for (const page of [applicant, second]) {
      await page.goto('/desk');
      await page.goto(`/cases/${caseId}#evaluation`);
      await waitFor(card(page).getByRole('combobox'));
    }
    await choose(applicant, card(applicant).getByRole('combobox').first(), '非常满意');
    await choose(applicant, card(applicant).getByRole('combobox').nth(1), '比承诺的快');
    await card(applicant).getByRole('button', { name: '提交评价' }).click();
    await card(applicant).locator('form').waitFor({ state: 'detached' });
    await choose(second, card(second).getByRole('combobox').first(), '基本满意');
    await choose(second, card(second).getByRole('combobox').nth(1), '比承诺的快');
    await card(second).getByRole('button', { name: '提交评价' }).click();
    await waitFor(second.getByText('这个办件已经评价过，每件评价一次'));
    await waitFor(card(second).getByText('非常满意'));
    await second.close();
  });

  it('is followed by phone without an account, after a wrong code and the right one [PLT-2.8]', async () => {
    const { contact_mobile: mobile, number } = await world.core.db('case').where({ id: caseId }).first();
    const anybody = await openPage(browser, world.url);
    // As the code on the acknowledgement leads here.
    await anybody.goto(`/progress?number=${number}`);
    assert.equal(await anybody.getByLabel('办件编号').inputValue(), number);
    await anybody.getByLabel('手机号').fill(mobile);
    await anybody.getByRole('button', { name: '获取验证码' }).click();
    await waitFor(anybody.getByText(/验证码已用短信发出/));
    const code = /验证码 (\d{6})/.exec(world.sent.findLast(({ to }) => to === mobile)!.text)![1]!;
    const look = async (typed: string) => {
      await anybody.getByLabel('验证码', { exact: true }).fill(typed);
      await anybody.getByRole('button', { name: '查看办件' }).click();
    };
    await look(code === '000000' ? '000001' : '000000');
    await waitFor(anybody.getByText(/^验证码不对，还可以试 4 次/));
    await look(code);
    await waitFor(anybody.getByText('准予许可', { exact: true }));
    await waitFor(anybody.getByText(number));
    await anybody.context().close();
  });

  it('shows the case on a phone without reaching beyond its edge [CMA-4.1]', async () => {
    await applicant.goto(`/cases/${caseId}`);
    const phone = await onPhone(applicant);
    await waitFor(phone.locator('#certificates'));
    assert.equal(await overflowOf(phone), 0);
    await phone.close();
  });
});
