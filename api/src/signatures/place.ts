import type { PDFDocumentLoadingTask, PDFDocumentProxy } from 'pdfjs-dist';
import { glance, type Piece } from './glance.ts';

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
  return withReader(pdf, async (open) => (await lastOn(pdf, anchor, open)) ?? (await lowerRight(await open())));
}

/**
 * The middle of the last place where a PDF shows some words, or null.
 * @throws Error when the file can't be read as a PDF
 */
export function findWords(pdf: Uint8Array, words: string): Promise<SealPlace | null> {
  return withReader(pdf, (open) => lastOn(pdf, words, open));
}

type Open = () => Promise<PDFDocumentProxy>;

/** A reader of every PDF, opened when first asked for: most pages of ours a glance reads, in a tenth of the time. */
async function withReader<T>(pdf: Uint8Array, find: (open: Open) => Promise<T>): Promise<T> {
  let task: PDFDocumentLoadingTask | undefined;
  try {
    return await find(async () => {
      const { getDocument, VerbosityLevel } = await import('pdfjs-dist/legacy/build/pdf.mjs');
      const given = { data: Uint8Array.from(pdf), verbosity: VerbosityLevel.ERRORS, isEvalSupported: false };
      return (task ??= getDocument(given)).promise;
    });
  } finally {
    await task?.destroy();
  }
}

async function lastOn(pdf: Uint8Array, words: string, open: Open): Promise<SealPlace | null> {
  const { pages, read } = await glance(pdf);
  for (let page = pages ?? (await open()).numPages; page > 0; page--) {
    const seen = await read(page);
    if (seen && !textOf(seen).includes(words)) continue;
    const found = (seen && lastIn(seen, words)) ?? lastIn(await exactly(await open(), page), words);
    if (found) return { page, ...found };
  }
  return null;
}

async function exactly(document: PDFDocumentProxy, page: number): Promise<Piece[]> {
  const { items } = await (await document.getPage(page)).getTextContent();
  return items
    .filter((item) => 'str' in item)
    .map(({ str, transform, width, height }) => ({ str, at: { x: transform[4], y: transform[5], width, height } }));
}

async function lowerRight(document: PDFDocumentProxy): Promise<SealPlace> {
  const [, bottom, right] = (await document.getPage(document.numPages)).view;
  return { page: document.numPages, x: right! - MARGIN.right, y: bottom! + MARGIN.bottom };
}

const textOf = (pieces: Piece[]): string => pieces.map(({ str }) => str).join('');

/** Words may be cut into several pieces, so the page is searched as one text. Undefined as well where no place is known. */
function lastIn(pieces: Piece[], words: string): { x: number; y: number } | undefined {
  const at = textOf(pieces).lastIndexOf(words);
  if (at < 0) return undefined;
  const first = characterAt(pieces, at);
  const last = characterAt(pieces, at + words.length - 1);
  return first && last && { x: (first.x + last.x + last.width) / 2, y: first.y + first.height / 2 };
}

/** Left end and size of a character; a piece's width is shared evenly, as in Chinese. */
function characterAt(pieces: Piece[], index: number): Piece['at'] {
  let before = 0;
  for (const { str, at } of pieces) {
    if (index < before + str.length) {
      if (!at) return undefined;
      const width = at.width / str.length;
      return { ...at, x: at.x + width * (index - before), width };
    }
    before += str.length;
  }
  throw new RangeError('beyond the text');
}
