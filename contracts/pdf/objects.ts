/**
 * The objects of a PDF file (ISO 32000-1, 7.3): what reading gives and writing takes.
 * Runs in the browser and in Node.
 */

export interface PdfName {
  readonly name: string;
}
export interface PdfString {
  readonly bytes: Uint8Array<ArrayBuffer>;
}
export interface PdfRef {
  readonly num: number;
  readonly gen: number;
}
export type PdfDict = Map<string, PdfValue>;
export interface PdfStream {
  readonly dict: PdfDict;
  readonly raw: Uint8Array;
}
export type PdfValue = null | boolean | number | PdfName | PdfString | PdfRef | PdfValue[] | PdfDict | PdfStream;

export const name = (text: string): PdfName => ({ name: text });
export const ref = (num: number, gen = 0): PdfRef => ({ num, gen });
export const dict = (entries: Record<string, PdfValue>): PdfDict => new Map(Object.entries(entries));

/** A text string: ASCII as it is, anything else as UTF-16 with its mark (ISO 32000-1, 7.9.2.2). */
export function textString(text: string): PdfString {
  if (/^[\x20-\x7e]*$/.test(text)) return { bytes: latin1Bytes(text) };
  const bytes = new Uint8Array(2 + text.length * 2);
  bytes.set([0xfe, 0xff]);
  for (let i = 0; i < text.length; i++) {
    bytes[2 + i * 2] = text.charCodeAt(i) >> 8;
    bytes[3 + i * 2] = text.charCodeAt(i) & 0xff;
  }
  return { bytes };
}

/** The text of a text string. */
export function textOf(value: PdfString): string {
  const { bytes } = value;
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes.subarray(2));
  return latin1(bytes);
}

export const isName = (value: PdfValue | undefined, text?: string): value is PdfName =>
  typeof value === 'object' && value !== null && 'name' in value && (text === undefined || value.name === text);
export const isRef = (value: PdfValue | undefined): value is PdfRef =>
  typeof value === 'object' && value !== null && 'num' in value;
export const isString = (value: PdfValue | undefined): value is PdfString =>
  typeof value === 'object' && value !== null && 'bytes' in value;
export const isDict = (value: PdfValue | undefined): value is PdfDict => value instanceof Map;
export const isStream = (value: PdfValue | undefined): value is PdfStream =>
  typeof value === 'object' && value !== null && 'raw' in value;

export function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192)
    text += Reflect.apply(String.fromCharCode, null, bytes.subarray(i, i + 8192));
  return text;
}

export function latin1Bytes(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return bytes;
}

export const hexOf = (bytes: Uint8Array): string => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');

/** Writes a value as it stands in a file. Streams are written with their raw bytes as latin-1 characters. */
export function write(value: PdfValue): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return String(value);
  if (Array.isArray(value)) return `[${value.map(write).join(' ')}]`;
  if (isDict(value)) return `<<${[...value].map(([key, item]) => `${writeName(key)} ${write(item)}`).join(' ')}>>`;
  if (isName(value)) return writeName(value.name);
  if (isRef(value)) return `${value.num} ${value.gen} R`;
  if (isString(value)) return `<${hexOf(value.bytes)}>`;
  return `${write(value.dict)}\nstream\n${latin1(value.raw)}\nendstream`;
}

function writeName(text: string): string {
  return '/' + text.replace(/[^!-~]|[#()<>[\]{}/%]/g, (c) => '#' + c.charCodeAt(0).toString(16).padStart(2, '0'));
}
