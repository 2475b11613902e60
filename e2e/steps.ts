/** What people do on the pages, in their words: fill, import, upload, seal, decide. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import type { TableField } from '../contracts/forms/index.ts';
import { STEP_MS } from './browser.ts';
import { fillTemplate, XLSX, type Values } from './excel.ts';

/** The place of a field, a table or a material in the form that is open. */
export const placeOf = (page: Page, path: string): Locator => page.locator(`[id="at-${path.replaceAll('/', '-')}"]`);

export async function waitFor(locator: Locator): Promise<Locator> {
  await locator.first().waitFor({ timeout: STEP_MS });
  return locator.first();
}

/** Opens the import of a table and takes its template. */
export async function templateOf(page: Page, field: TableField): Promise<Buffer> {
  const table = placeOf(page, field.key);
  await table.getByRole('button', { name: '导入', exact: true }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    table.getByText('模板', { exact: true }).click(),
  ]);
  return readFile(await download.path());
}

/** Imports rows, with single cells spoiled; answers what the page says afterwards. */
export async function importRows(
  page: Page,
  field: TableField,
  template: Buffer,
  rows: Values[],
  faults?: Parameters<typeof fillTemplate>[3],
): Promise<{ status: string; errors: string[] }> {
  const place = placeOf(page, field.key).locator('.import');
  const buffer = await fillTemplate(template, field, rows, faults);
  const answered = page.waitForResponse((answer) => answer.url().endsWith(`/tables/${field.key}/import`), {
    timeout: STEP_MS,
  });
  await place.locator('input[type=file]').setInputFiles({ name: `${field.label}.xlsx`, mimeType: XLSX, buffer });
  await answered;
  const status = await (await waitFor(place.getByText('行通过'))).innerText();
  return { status, errors: await place.locator('li').allInnerTexts() };
}

export async function upload(page: Page, item: string, name: string, buffer: Buffer): Promise<void> {
  const input = placeOf(page, `materials/${item}`).locator('input[type=file]');
  await input.setInputFiles({ name, mimeType: 'application/pdf', buffer });
}

/** Writes the opinion of a task and chooses an answer; the answer's further step, where it has one, is the caller's. */
export async function decide(page: Page, title: string, opinion?: string): Promise<void> {
  const bar = page.getByRole('region', { name: '办理' });
  if (opinion) await bar.getByLabel('意见').fill(opinion);
  await bar.getByRole('button', { name: new RegExp(`^${title}`) }).click();
}

/** Waits until the page tells what became of a decision. */
export async function answerTo(page: Page): Promise<string> {
  const said = await waitFor(page.getByRole('region', { name: '办理' }).locator('.answer .said'));
  const text = await said.innerText();
  assert.match(text, /已办|已收到/);
  return text;
}
