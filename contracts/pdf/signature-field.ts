import type { PdfDocument } from './document.ts';
import { hexOf, isName, isRef, isString, latin1, textOf, type PdfDict, type PdfRef, type PdfValue } from './objects.ts';
import { readObject } from './reader.ts';

/** Begins the names of the stamps that show slices of a seal along the edges of pages. */
export const EDGE_SEAL = 'edge-seal';

/** The references of all signature values in the form of the document (ISO 32000-1, 12.7.4.5). */
export async function signatureFields(pdf: PdfDocument): Promise<PdfRef[]> {
  const catalog = await pdf.dict(pdf.trailer.get('Root'));
  const form = await pdf.dict(catalog.get('AcroForm'));
  const found: PdfRef[] = [];
  const seen = new Set<number>();
  const visit = async (list: PdfValue, type: PdfValue | undefined): Promise<void> => {
    if (!Array.isArray(list)) return;
    for (const item of list) {
      if (!isRef(item) || seen.has(item.num)) continue;
      seen.add(item.num);
      const field = await pdf.dict(item);
      const fieldType = field.get('FT') ?? type;
      const value = field.get('V');
      if (isName(fieldType, 'Sig') && isRef(value)) found.push(value);
      await visit(await pdf.resolve(field.get('Kids')), fieldType);
    }
  };
  await visit(await pdf.resolve(form.get('Fields')), undefined);
  return found;
}

export const text = (values: PdfDict, key: string) => {
  const value = values.get(key);
  return isString(value) ? textOf(value) : '';
};

/** `D:20261121103200+08'00'` as ISO 8601. */
export function isoDate(date: string): string {
  const match = /^D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:Z|([+-]\d\d)'(\d\d)'?)?/.exec(date);
  if (!match) return '';
  const [, year, month, day, hour, minute, second, zone, zoneMinutes] = match;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}${zone ? `${zone}:${zoneMinutes}` : 'Z'}`;
}

/** A signature covers the bytes before `gap` and `length` bytes from `rest` on; between them stands its value. */
export interface ByteRange {
  gap: number;
  rest: number;
  length: number;
}

/** The byte range of a signature, if all that it leaves out is this signature's own value. */
export function byteRange(pdf: PdfDocument, ref: PdfRef, signature: PdfDict): ByteRange | undefined {
  const range = signature.get('ByteRange');
  const entry = pdf.entries.get(ref.num);
  if (entry?.kind !== 'at' || !Array.isArray(range) || range.length !== 4 || !range.every(isOffset)) return undefined;
  const [start, gap, rest, length] = range;
  const { end } = readObject(pdf.bytes, entry.offset);
  const own = start === 0 && entry.offset < gap && gap < rest && rest < end && rest + length <= pdf.bytes.length;
  return own && pdf.bytes[gap] === 0x3c && pdf.bytes[rest - 1] === 0x3e ? { gap, rest, length } : undefined;
}

/** Whether the range leaves out the signature's value and no other byte, written in one way of two. */
export function leavesOut(pdf: PdfDocument, { gap, rest }: ByteRange, value: Uint8Array): boolean {
  const digits = latin1(pdf.bytes.subarray(gap + 1, rest - 1));
  const hex = hexOf(value);
  return digits === hex || digits === hex.toUpperCase();
}

const isOffset = (value: PdfValue): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0;

export function join(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(a.length + b.length);
  whole.set(a);
  whole.set(b, a.length);
  return whole;
}
