/** What people do on the pages, in their words: fill, import, upload, seal, decide. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import jsQR from 'jsqr';
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

/** Imports rows, with single cells spoiled; answers what the page says when the import is done. */
export async function importRows(
  page: Page,
  field: TableField,
  template: Buffer,
  rows: Values[],
  { quiet, faults }: { quiet(): Promise<void>; faults?: Parameters<typeof fillTemplate>[3] },
): Promise<{ status: string; errors: string[] }> {
  const place = placeOf(page, field.key).locator('.import');
  const buffer = await fillTemplate(template, field, rows, faults);
  // The page also asks there how far the last import is.
  const answered = page.waitForResponse(
    (answer) => answer.request().method() !== 'GET' && answer.url().endsWith(`/tables/${field.key}/import`),
    { timeout: STEP_MS },
  );
  await place.locator('input[type=file]').setInputFiles({ name: `${field.label}.xlsx`, mimeType: XLSX, buffer });
  await answered;
  await quiet();
  const passed = place.getByText('行通过').first();
  await passed.waitFor({ timeout: STEP_MS }).catch(async (error: Error) => {
    throw new Error(`the import of ${field.label} says: ${await place.innerText()}`, { cause: error });
  });
  const status = await passed.innerText();
  return { status, errors: await place.locator('li').allInnerTexts() };
}

export async function upload(page: Page, item: string, name: string, buffer: Buffer): Promise<void> {
  const input = placeOf(page, `materials/${item}`).locator('input[type=file]');
  await input.setInputFiles({ name, mimeType: 'application/pdf', buffer });
}

/** Opens the only case of an officer's inbox. */
export async function openFromInbox(page: Page, subject: string): Promise<void> {
  await page.getByRole('table', { name: '待办' }).getByRole('link', { name: subject }).click();
  await waitFor(bar(page).getByRole('button'));
}

/** Writes the opinion and presses an answer; what the answer asks further is the caller's. */
export async function press(page: Page, answer: string, opinion?: string): Promise<void> {
  if (opinion) await bar(page).getByLabel('意见').fill(opinion);
  await bar(page)
    .getByRole('button', { name: new RegExp(`^${answer}(…|\\s*Ctrl|$)`) })
    .click();
}

/** Waits until the page says that the decision stands: carried out, or about to be. */
export async function isDecided(page: Page, answer: string): Promise<void> {
  await waitFor(bar(page).getByText(new RegExp(`^(已办|已收到)：${answer}$`)));
}

/** Chooses in a list of options by its label. */
export async function choose(page: Page, select: Locator, option: string): Promise<void> {
  await select.press('Enter');
  await page.getByRole('option', { name: option }).and(page.locator(':visible')).click();
}

/** Refuses one row of a ruling, found by words that no other row has. */
export async function refuseRow(page: Page, table: string, words: string, reason: string): Promise<void> {
  const place = placeOf(page, table);
  await place.getByRole('textbox', { name: /^在.+里查找$/ }).fill(words);
  const rows = place.locator('tbody');
  await rows.filter({ hasNotText: words }).first().waitFor({ state: 'detached' });
  await rows.getByRole('radio', { name: '不符合' }).click();
  const field = rows.getByLabel('不符合的理由');
  await field.fill(reason);
  const saved = page.waitForResponse((answer) => (answer.request().postData() ?? '').includes(reason));
  await field.blur();
  assert.equal((await saved).status(), 200);
}

/** The text of the QR code on the page of a PDF; the page may still be being drawn. */
export async function codeOn(canvas: Locator): Promise<string> {
  for (const until = Date.now() + STEP_MS; Date.now() < until;) {
    const { width, height, pixels } = await canvas.evaluate(pixelsOf);
    const found = jsQR(new Uint8ClampedArray(Buffer.from(pixels, 'base64')), width, height);
    if (found) return found.data;
  }
  throw new Error('no QR code on the page');
}

function pixelsOf(drawn: HTMLElement | SVGElement) {
  const canvas = drawn as HTMLCanvasElement;
  const { data, width, height } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
  let text = '';
  for (let i = 0; i < data.length; i += 0x8000) text += String.fromCharCode(...data.subarray(i, i + 0x8000));
  return { width, height, pixels: btoa(text) };
}

/** Drops a file on a place that takes files. */
export async function drop(page: Page, place: Locator, name: string, bytes: Buffer): Promise<void> {
  const dataTransfer = await page.evaluateHandle(
    ({ name, base64 }) => {
      const transfer = new DataTransfer();
      const content = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
      transfer.items.add(new File([content], name, { type: 'application/pdf' }));
      return transfer;
    },
    { name, base64: bytes.toString('base64') },
  );
  await place.dispatchEvent('drop', { dataTransfer });
}

const bar = (page: Page) => page.getByRole('region', { name: '办理' });
