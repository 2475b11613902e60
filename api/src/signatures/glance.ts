import { openPdf, type PdfDocument } from '../../../contracts/pdf/document.ts';
import {
  isDict,
  isName,
  isRef,
  isStream,
  latin1,
  type PdfDict,
  type PdfValue,
} from '../../../contracts/pdf/objects.ts';

/** The characters of a font by their codes, and how many hexadecimal digits a code has. */
interface Letters {
  digits: number;
  of: Map<string, string>;
}

const HEX = '<([\\dA-Fa-f\\s]*)>';
/** A font that is chosen, text in hexadecimal, text in brackets, a drawing that is put in. */
const SHOWN = new RegExp(
  `/([^\\s<>\\[\\](){}/%]+)\\s+-?[\\d.]+\\s+Tf\\b|${HEX}|(\\()|/([^\\s<>\\[\\](){}/%]+)\\s+Do\\b`,
  'g',
);
const MARKED = /<<[^]*?>>/g;

/**
 * A quick look for words on pages (from 1 on), in the order in which they are written, to spare a slow exact one: false
 * only where they are surely not there, true also where a page's text can't be read this way.
 */
export async function glance(pdf: Uint8Array, words: string): Promise<(page: number) => Promise<boolean>> {
  const document = await openPdf(pdf).catch(() => undefined);
  const pages = await document?.pages().catch(() => undefined);
  const fonts = new Map<number, Promise<Letters | undefined>>();
  return async (number) => {
    const page = pages?.[number - 1];
    if (!document || !page) return true;
    const text = await textOf(document, page.dict, fonts).catch(() => undefined);
    return text === undefined || text.includes(words);
  };
}

/** Undefined where something on the page can't be read. */
async function textOf(
  document: PdfDocument,
  page: PdfDict,
  known: Map<number, Promise<Letters | undefined>>,
): Promise<string | undefined> {
  const resources = await document.resolve(page.get('Resources'));
  if (!isDict(resources)) return undefined;
  const fonts = await document.dict(resources.get('Font'));
  const drawings = await document.dict(resources.get('XObject'));
  let letters: Letters | undefined;
  let text = '';
  for (const [, font, hex, bracket, drawing] of (await contentOf(document, page)).replace(MARKED, '').matchAll(SHOWN)) {
    if (font !== undefined) letters = await lettersOf(document, fonts.get(font), known);
    else if (drawing !== undefined) {
      const put = await document.resolve(drawings.get(drawing));
      if (!isStream(put) || !isName(put.dict.get('Subtype'), 'Image')) return undefined;
    } else if (bracket !== undefined || !letters) return undefined;
    else {
      const read = decoded(hex!.replace(/\s/g, ''), letters);
      if (read === undefined) return undefined;
      text += read;
    }
  }
  return text;
}

function decoded(hex: string, { digits, of }: Letters): string | undefined {
  let text = '';
  for (let at = 0; at < hex.length; at += digits) {
    const letter = of.get(hex.slice(at, at + digits).toLowerCase());
    if (letter === undefined) return undefined;
    text += letter;
  }
  return text;
}

async function contentOf(document: PdfDocument, page: PdfDict): Promise<string> {
  const contents = await document.resolve(page.get('Contents'));
  const streams = Array.isArray(contents) ? contents : [contents];
  const texts = streams.map(async (each) => {
    const stream = await document.resolve(each);
    return isStream(stream) ? latin1(await document.data(stream)) : '';
  });
  return (await Promise.all(texts)).join('\n');
}

function lettersOf(
  document: PdfDocument,
  font: PdfValue | undefined,
  known: Map<number, Promise<Letters | undefined>>,
): Promise<Letters | undefined> {
  if (!isRef(font)) return readLetters(document, font);
  const found = known.get(font.num) ?? readLetters(document, font);
  known.set(font.num, found);
  return found;
}

/** From the font's own table of Unicode values (ISO 32000-1, 9.10.3). */
async function readLetters(document: PdfDocument, font: PdfValue | undefined): Promise<Letters | undefined> {
  const dict = await document.dict(font);
  const table = await document.resolve(dict.get('ToUnicode'));
  if (!isStream(table)) return undefined;
  const text = latin1(await document.data(table));
  const of = new Map<string, string>();
  for (const [, pairs] of text.matchAll(/beginbfchar([^]*?)endbfchar/g))
    for (const [, code, to] of pairs!.matchAll(new RegExp(`${HEX}\\s*${HEX}`, 'g')))
      of.set(code!.toLowerCase(), utf16(to!));
  for (const [, ranges] of text.matchAll(/beginbfrange([^]*?)endbfrange/g))
    for (const [, first, last, to, list] of ranges!.matchAll(
      new RegExp(`${HEX}\\s*${HEX}\\s*(?:${HEX}|\\[([^\\]]*)\\])`, 'g'),
    ))
      for (let code = parseInt(first!, 16), i = 0; code <= parseInt(last!, 16); code += 1, i += 1)
        of.set(
          code.toString(16).padStart(first!.length, '0'),
          to === undefined ? utf16([...list!.matchAll(new RegExp(HEX, 'g'))][i]?.[1] ?? '') : after(utf16(to), i),
        );
  return { digits: isName(dict.get('Subtype'), 'Type0') ? 4 : 2, of };
}

const after = (text: string, count: number): string =>
  text.slice(0, -1) + String.fromCharCode(text.charCodeAt(text.length - 1) + count);

const utf16 = (hex: string): string =>
  (hex.match(/.{4}/g) ?? []).map((unit) => String.fromCharCode(parseInt(unit, 16))).join('');
