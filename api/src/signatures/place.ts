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
export async function findPlace(pdf: Uint8Array, anchor: string): Promise<SealPlace> {
  // Loaded when first needed: signing with a place given does without it.
  const { getDocument, VerbosityLevel } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const task = getDocument({ data: Uint8Array.from(pdf), verbosity: VerbosityLevel.ERRORS, isEvalSupported: false });
  try {
    const document = await task.promise;
    for (let number = document.numPages; number > 0; number--) {
      const content = await (await document.getPage(number)).getTextContent();
      const found = lastIn(
        content.items.filter((item) => 'str' in item),
        anchor,
      );
      if (found) return { page: number, ...found };
    }
    const [, bottom, right] = (await document.getPage(document.numPages)).view;
    return { page: document.numPages, x: right - MARGIN.right, y: bottom + MARGIN.bottom };
  } finally {
    await task.destroy();
  }
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
  const start = pointAt(items, at);
  const end = pointAt(items, at + anchor.length);
  return { x: (start.x + end.x) / 2, y: start.y + start.height / 2 };
}

function pointAt(items: TextItem[], index: number): { x: number; y: number; height: number } {
  let before = 0;
  for (const item of items) {
    if (index <= before + item.str.length && item.str) {
      const [, , , , x, y] = item.transform;
      return { x: x + (item.width * (index - before)) / item.str.length, y, height: item.height };
    }
    before += item.str.length;
  }
  throw new RangeError('beyond the text');
}
