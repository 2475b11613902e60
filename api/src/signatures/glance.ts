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

/** Text that a page shows, in the order in which it is written, and where: points from the lower left corner. */
export interface Piece {
  str: string;
  /** None where the text is turned or stretched, or its widths are not known. */
  at?: { x: number; y: number; width: number; height: number };
}

/** What the codes of a font stand for: characters, and widths in thousandths of its size. */
interface Letters {
  /** Hexadecimal ones of a code. */
  digits: number;
  of: Map<string, string>;
  widthOf(code: number): number | undefined;
}

/** ISO 32000-1, 8.3.3: a, b, c, d, e, f. */
type Matrix = [number, number, number, number, number, number];

/** What `q` keeps and `Q` brings back. */
interface State {
  matrix: Matrix;
  font?: Letters;
  size: number;
  /** Nothing widens, shifts or stretches text. */
  plain: boolean;
}

const HEX = '<([\\dA-Fa-f\\s]*)>';
/** A name, text in hexadecimal, a bracket, a number, an operator. */
const TOKEN = new RegExp(
  `/([^\\s<>\\[\\](){}/%]+)|${HEX}|([\\[(])|([-+]?(?:\\d+\\.?\\d*|\\.\\d+))|([A-Za-z'"][\\w*]*)`,
  'g',
);
const MARKED = /<<[^]*?>>/g;
const UNIT: Matrix = [1, 0, 0, 1, 0, 0];
/** What each of these is when it changes nothing. */
const USUAL: Record<string, number> = { Tc: 0, Tw: 0, Ts: 0, Tz: 100 };

/** What a quick look at a PDF sees, to spare a slow exact one; undefined is what it can't read. */
export interface Glance {
  /** How many there are. */
  pages?: number;
  /** The text that a page, from 1 on, shows. */
  read(page: number): Promise<Piece[] | undefined>;
}

export async function glance(pdf: Uint8Array): Promise<Glance> {
  const document = await openPdf(pdf).catch(() => undefined);
  const pages = await document?.pages().catch(() => undefined);
  const fonts = new Map<number, Promise<Letters | undefined>>();
  return {
    pages: pages?.length,
    async read(number) {
      const page = pages?.[number - 1];
      return document && page && piecesOn(document, page.dict, fonts).catch(() => undefined);
    },
  };
}

async function piecesOn(
  document: PdfDocument,
  page: PdfDict,
  known: Map<number, Promise<Letters | undefined>>,
): Promise<Piece[] | undefined> {
  const resources = await document.resolve(page.get('Resources'));
  if (!isDict(resources)) return undefined;
  const fonts = await document.dict(resources.get('Font'));
  const drawings = await document.dict(resources.get('XObject'));
  const pieces: Piece[] = [];
  const kept: State[] = [];
  let state: State = { matrix: UNIT, size: 0, plain: true };
  let line = UNIT;
  let text = UNIT;
  let name = '';
  let numbers: number[] = [];
  const shift = (by: number) => (text = product([1, 0, 0, 1, by, 0], text));

  for (const [, named, hex, bracket, number, operator] of (await contentOf(document, page))
    .replace(MARKED, '')
    .matchAll(TOKEN)) {
    if (named !== undefined) name = named;
    else if (number !== undefined) numbers.push(Number(number));
    else if (bracket === '[') numbers = [];
    else if (bracket !== undefined) return undefined;
    else if (hex !== undefined) {
      shift(kerned());
      if (!show(hex.replace(/\s/g, ''))) return undefined;
      numbers = [];
    } else {
      if (!(await act(operator!))) return undefined;
      numbers = [];
    }
  }
  return pieces;

  /** Numbers between texts move the next one back. */
  function kerned(): number {
    return (-numbers.reduce((sum, each) => sum + each, 0) / 1000) * state.size;
  }

  /** False where a code has no character. */
  function show(hex: string): boolean {
    const { font, size, plain, matrix } = state;
    if (!font) return false;
    for (let from = 0; from < hex.length; from += font.digits) {
      const code = hex.slice(from, from + font.digits).toLowerCase();
      const str = font.of.get(code);
      if (str === undefined) return false;
      const width = font.widthOf(parseInt(code, 16));
      const [a, b, c, d, x, y] = product(text, matrix);
      const upright = b === 0 && c === 0 && a > 0 && Math.abs(a - d) < a / 1000;
      const known = plain && upright && width !== undefined && !Number.isNaN(x);
      pieces.push({ str, ...(known && { at: { x, y, width: (width / 1000) * size * a, height: size * a } }) });
      // Where this one ends is not known, so neither is where the next ones begin.
      shift(((width ?? NaN) / 1000) * size);
    }
    return true;
  }

  /** False where what the operator puts on the page can't be read. */
  async function act(operator: string): Promise<boolean> {
    switch (operator) {
      case 'q':
        kept.push(state);
        break;
      case 'Q':
        state = kept.pop() ?? state;
        break;
      case 'cm':
        state = { ...state, matrix: product(numbers as Matrix, state.matrix) };
        break;
      case 'BT':
        line = text = UNIT;
        break;
      case 'Tm':
        line = text = [...(numbers as Matrix)];
        break;
      case 'Td':
        line = text = product([1, 0, 0, 1, numbers[0]!, numbers[1]!], line);
        break;
      case 'Tf':
        state = { ...state, font: await lettersOf(document, fonts.get(name), known), size: numbers[0]! };
        break;
      case 'TJ':
        shift(kerned());
        break;
      case 'Tc':
      case 'Tw':
      case 'Ts':
      case 'Tz':
        state = { ...state, plain: state.plain && numbers[0] === USUAL[operator] };
        break;
      // They go on to a next line, whose distance isn't kept here.
      case 'TD':
      case 'T*':
      case "'":
      case '"':
        line = text = [1, 0, 0, 1, NaN, NaN];
        break;
      // Bytes of a picture follow.
      case 'BI':
        return false;
      case 'Do': {
        const put = await document.resolve(drawings.get(name));
        return isStream(put) && isName(put.dict.get('Subtype'), 'Image');
      }
    }
    return true;
  }
}

/** First `by`, then `then`. */
function product([a, b, c, d, e, f]: Matrix, [g, h, i, j, k, l]: Matrix): Matrix {
  return [a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + l];
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
  const composed = isName(dict.get('Subtype'), 'Type0');
  return { digits: composed ? 4 : 2, of, widthOf: await (composed ? composedWidths : simpleWidths)(document, dict) };
}

/** ISO 32000-1, 9.6.2. A font of drawings has a scale of its own. */
async function simpleWidths(document: PdfDocument, font: PdfDict): Promise<Letters['widthOf']> {
  const first = await document.resolve(font.get('FirstChar'));
  const widths = await document.resolve(font.get('Widths'));
  if (isName(font.get('Subtype'), 'Type3') || typeof first !== 'number' || !Array.isArray(widths))
    return () => undefined;
  return (code) => plainNumber(widths[code - first]);
}

/** ISO 32000-1, 9.7.4.3: `first [width …]` or `first last width`. */
async function composedWidths(document: PdfDocument, font: PdfDict): Promise<Letters['widthOf']> {
  const [below] = [await document.resolve(font.get('DescendantFonts'))].flat();
  const dict = await document.dict(below);
  if (!isName(font.get('Encoding'), 'Identity-H')) return () => undefined;
  const listed = await document.resolve(dict.get('W'));
  const widths = new Map<number, number | undefined>();
  const rest = Array.isArray(listed) ? await Promise.all(listed.map((each) => document.resolve(each))) : [];
  while (rest.length > 1) {
    const [first, next] = [rest.shift() as number, rest.shift()];
    if (Array.isArray(next)) next.forEach((width, i) => widths.set(first + i, plainNumber(width)));
    else {
      const width = plainNumber(rest.shift());
      for (let code = first; code <= (next as number); code += 1) widths.set(code, width);
    }
  }
  const others = plainNumber(dict.get('DW')) ?? 1000;
  return (code) => (widths.has(code) ? widths.get(code) : others);
}

const plainNumber = (value: PdfValue | undefined): number | undefined =>
  typeof value === 'number' ? value : undefined;

const after = (text: string, count: number): string =>
  text.slice(0, -1) + String.fromCharCode(text.charCodeAt(text.length - 1) + count);

const utf16 = (hex: string): string =>
  (hex.match(/.{4}/g) ?? []).map((unit) => String.fromCharCode(parseInt(unit, 16))).join('');
