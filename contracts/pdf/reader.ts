import { latin1, latin1Bytes, type PdfDict, type PdfString, type PdfValue } from './objects.ts';

/** The file isn't a PDF that can be read; `at` is the byte where reading stopped. */
export class PdfError extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(`${message} at byte ${at}`);
    this.at = at;
  }
}

/** A value with the place behind it; `stream` is where the stream's bytes begin when one follows. */
export interface Parsed {
  value: PdfValue;
  end: number;
  stream?: number;
}

const WHITE = new Set([0, 9, 10, 12, 13, 32]);
const DELIMITER = new Set([...'()<>[]{}/%'].map((c) => c.charCodeAt(0)));
const MAX_DEPTH = 100;

/** Reads one value (ISO 32000-1, 7.3) that begins at or after `start`. @throws PdfError */
export function readValue(bytes: Uint8Array, start: number): Parsed {
  const reader = createReader(bytes, start);
  const value = reader.value(0);
  return { value, end: reader.at() };
}

/** Reads `num gen obj … endobj` or the head of a stream. @throws PdfError */
export function readObject(bytes: Uint8Array, start: number): Parsed & { num: number; gen: number } {
  const reader = createReader(bytes, start);
  const num = Number(reader.word());
  const gen = Number(reader.word());
  if (!Number.isInteger(num) || !Number.isInteger(gen) || reader.word() !== 'obj') {
    throw new PdfError('no object', start);
  }
  const value = reader.value(0);
  const end = reader.at();
  if (!(value instanceof Map) || reader.word() !== 'stream') return { num, gen, value, end };
  let stream = reader.at();
  if (bytes[stream] === 13) stream++;
  if (bytes[stream] === 10) stream++;
  return { num, gen, value, end, stream };
}

/** Reads over white space, comments and one word. @throws PdfError */
export function readWord(bytes: Uint8Array, start: number): { word: string; end: number } {
  const reader = createReader(bytes, start);
  return { word: reader.word(), end: reader.at() };
}

function createReader(bytes: Uint8Array, start: number) {
  let at = start;

  const fail = (message: string): never => {
    throw new PdfError(message, at);
  };

  function skipWhite() {
    for (;;) {
      while (at < bytes.length && WHITE.has(bytes[at])) at++;
      if (bytes[at] !== 0x25) return;
      while (at < bytes.length && bytes[at] !== 10 && bytes[at] !== 13) at++;
    }
  }

  function regular(): string {
    const from = at;
    while (at < bytes.length && !WHITE.has(bytes[at]) && !DELIMITER.has(bytes[at])) at++;
    return latin1(bytes.subarray(from, at));
  }

  function word(): string {
    skipWhite();
    return regular();
  }

  function nameText(): string {
    at++;
    return regular().replace(/#([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  }

  function literalString(): PdfString {
    let text = '';
    let depth = 1;
    for (at++; at < bytes.length; at++) {
      const c = String.fromCharCode(bytes[at]);
      if (c === '\\') text += escaped();
      else if (c === ')' && --depth === 0) {
        at++;
        return { bytes: latin1Bytes(text) };
      } else {
        if (c === '(') depth++;
        text += c;
      }
    }
    return fail('string without an end');
  }

  function escaped(): string {
    const c = String.fromCharCode(bytes[++at] ?? 0);
    const octal = /^[0-7]{1,3}/.exec(latin1(bytes.subarray(at, at + 3)))?.[0];
    if (octal) {
      at += octal.length - 1;
      return String.fromCharCode(parseInt(octal, 8) & 0xff);
    }
    if (c === '\r' && bytes[at + 1] === 10) at++;
    if (c === '\r' || c === '\n') return '';
    return { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }[c] ?? c;
  }

  function hexString(): PdfString {
    const from = ++at;
    while (at < bytes.length && bytes[at] !== 0x3e) at++;
    if (at >= bytes.length) fail('string without an end');
    // What isn't a digit counts as none: a damaged signature is still to be found and named.
    let digits = latin1(bytes.subarray(from, at++)).replace(/[^0-9a-fA-F]/g, '');
    if (digits.length % 2) digits += '0';
    return { bytes: Uint8Array.from({ length: digits.length / 2 }, (_, i) => parseInt(digits.substr(i * 2, 2), 16)) };
  }

  function array(depth: number): PdfValue[] {
    at++;
    const items: PdfValue[] = [];
    for (skipWhite(); bytes[at] !== 0x5d; skipWhite()) items.push(value(depth));
    at++;
    return items;
  }

  function dictionary(depth: number): PdfDict {
    at += 2;
    const entries: PdfDict = new Map();
    for (skipWhite(); bytes[at] !== 0x3e; skipWhite()) {
      if (bytes[at] !== 0x2f) fail('no key');
      const key = nameText();
      entries.set(key, value(depth));
    }
    if (bytes[at + 1] !== 0x3e) fail('dictionary without an end');
    at += 2;
    return entries;
  }

  /** A number, or `num gen R`. */
  function numberOrRef(token: string): PdfValue {
    const number = Number(token);
    if (!Number.isInteger(number) || number < 0) return number;
    const back = at;
    const gen = word();
    if (/^\d+$/.test(gen) && word() === 'R') return { num: number, gen: Number(gen) };
    at = back;
    return number;
  }

  function value(depth: number): PdfValue {
    if (depth > MAX_DEPTH) fail('nested too deeply');
    skipWhite();
    switch (bytes[at]) {
      case 0x2f:
        return { name: nameText() };
      case 0x28:
        return literalString();
      case 0x5b:
        return array(depth + 1);
      case 0x3c:
        return bytes[at + 1] === 0x3c ? dictionary(depth + 1) : hexString();
    }
    const token = regular();
    if (/^[+-]?(\d+\.?\d*|\.\d+)$/.test(token)) return numberOrRef(token);
    if (token === 'true' || token === 'false') return token === 'true';
    if (token === 'null') return null;
    return fail('no value');
  }

  return { value, word, at: () => at };
}
