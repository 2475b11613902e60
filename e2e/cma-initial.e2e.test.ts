/** The first application of a testing institution, from signing in to the scanned certificate, in a real browser. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { openWorld, type World } from '../api/src/main/world.ts';
import { materialFile } from '../api/src/scenarios/index.ts';
import { findField, isTable, type FormSchema, type TableField } from '../contracts/forms/index.ts';
import { builtPages, openBrowser, onPhone, openPage, overflowOf, signIn, STEP_MS } from './browser.ts';
import type { Values } from './excel.ts';
import { importRows, placeOf, templateOf, upload, waitFor } from './steps.ts';

const folder = fileURLToPath(new URL('../workflows/cma-initial', import.meta.url));
const read = async <T>(path: string) => JSON.parse(await readFile(`${folder}/${path}`, 'utf8')) as T;
/** A Monday; the fixtures' dates lie around it. */
const BEGIN = new Date('2026-09-14T09:00:00+08:00');
const MATERIALS = ['legal-status', 'site-rights', 'quality-manual', 'procedures', 'typical-report', 'org-chart'];
const COUNTS = { sites: 2, signatories: 12, people: 45, equipment: 120, capabilities: 300 };

describe('the first application in the browser', function () {
  this.timeout(10 * STEP_MS);
  this.bail(true);
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

  before(async () => {
    form = await read('forms/application.form.json');
    fixture = await read('fixtures/institution-a.json');
    world = await openWorld({ at: BEGIN, webDir: await builtPages() });
    browser = await openBrowser();
    applicant = await openPage(browser, world.url);
  });
  after(async () => {
    await browser?.close();
    await world?.close();
  });

  it('fills the application from the register, Excel and files [CMA-3.2, 3.8]', async () => {
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
        const faulty = await importRows(applicant, table, template, rows, { 2: { validUntil: '2029 年 13 月' } });
        assert.equal(faulty.status, `${count - 1} 行通过，1 行要改`);
        assert.match(faulty.errors.join(), /^第 4 行　有效日期　「2029 年 13 月」不是日期。/);
      }
      const { status, errors } = await importRows(applicant, table, template, rows);
      assert.deepEqual({ status, errors }, { status: `${count} 行通过`, errors: [] });
    }

    await placeOf(applicant, 'applicationType').press('Enter');
    await applicant.getByRole('option', { name: '首次' }).click();
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

  it('shows the application on a phone without reaching beyond its edge [CMA-3.8]', async () => {
    const phone = await onPhone(applicant);
    await waitFor(placeOf(phone, 'uscc'));
    await waitFor(phone.getByRole('button', { name: '去补：申请书签章' }));
    assert.equal(await overflowOf(phone), 0);
    await phone.close();
  });

  it('makes and seals the application book and submits once [CMA-3.9, 3.10]', async () => {
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
});
