import type { PDFDocumentProxy } from 'pdfjs-dist';
import { glance } from './glance.ts';

/** Where a seal stands: the page from 1 on, and the middle of the seal in points from the lower left corner. */
export interface SealPlace {
  page: number;
  x: number;
  y: number;
}

/** The words over which a document of ours is sealed. */
export const SEAL_ANCHOR = '（印章）';

const MARGIN = { right: 130, bottom: 150 };

/**
 * The middle of the last place where a PDF shows `anchor`; else the lower right of its last page.
 * @throws Error when the file can't be read as a PDF
 */
export function findPlace(pdf: Uint8Array, anchor: string): Promise<SealPlace> {
  return withPages(pdf, async (document) => (await lastOn(document, anchor, pdf)) ?? (await lowerRight(document)));
}

/**
 * The middle of the last place where a PDF shows some words, or null.
 * @throws Error when the file can't be read as a PDF
 */
export function findWords(pdf: Uint8Array, words: string): Promise<SealPlace | null> {
  return withPages(pdf, (document) => lastOn(document, words, pdf));
}

async function withPages<T>(pdf: Uint8Array, read: (document: PDFDocumentProxy) => Promise<T>): Promise<T> {
  // Loaded when first needed: signing with a place given does without it.
  const { getDocument, VerbosityLevel } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const task = getDocument({ data: Uint8Array.from(pdf), verbosity: VerbosityLevel.ERRORS, isEvalSupported: false });
  try {
    return await read(await task.promise);
  } finally {
    await task.destroy();
  }
}

async function lastOn(document: PDFDocumentProxy, words: string, pdf: Uint8Array): Promise<SealPlace | null> {
  const mayStandOn = await glance(pdf, words);
  for (let number = document.numPages; number > 0; number--) {
    if (!(await mayStandOn(number))) continue;
    const content = await (await document.getPage(number)).getTextContent();
    const found = lastIn(
      content.items.filter((item) => 'str' in item),
      words,
    );
    if (found) return { page: number, ...found };
  }
  return null;
}

async function lowerRight(document: PDFDocumentProxy): Promise<SealPlace> {
  const [, bottom, right] = (await document.getPage(document.numPages)).view;
  return { page: document.numPages, x: right! - MARGIN.right, y: bottom! + MARGIN.bottom };
}

interface TextItem {
  str: string;
  width: number;
  height: number;
  transform: number[];
}

/** Words may be cut into several pieces, so the page is searched as one text. */
function lastIn(items: TextItem[], anchor: string): { x: number; y: number } | undefined {
  const at = items
    .map((item) => item.str)
    .join('')
    .lastIndexOf(anchor);
  if (at < 0) return undefined;
  const first = characterAt(items, at);
  const last = characterAt(items, at + anchor.length - 1);
  return { x: (first.x + last.x + last.width) / 2, y: first.y + first.height / 2 };
}

/** Left end and size of a character; a piece's width is shared evenly, as in Chinese. */
function characterAt(items: TextItem[], index: number): { x: number; y: number; width: number; height: number } {
  let before = 0;
  for (const { str, transform, width, height } of items) {
    if (index < before + str.length) {
      const [, , , , x, y] = transform;
      const each = width / str.length;
      return { x: x + each * (index - before), y, width: each, height };
    }
    before += str.length;
  }
  throw new RangeError('beyond the text');
}
