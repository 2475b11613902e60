import type { PdfDict } from './objects.ts';
import { PdfError } from './reader.ts';

/** No stream that we read (cross-references, objects, attachments) is larger; more is an attack. */
const MAX_INFLATED = 64 * 1024 * 1024;

/** Unpacks a zlib stream of at most 64 MB. @throws PdfError */
export async function inflate(packed: Uint8Array): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const source = new Blob([packed as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream('deflate'));
  const reader = source.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw new PdfError('damaged stream', 0);
    });
    if (done) break;
    size += value.length;
    if (size > MAX_INFLATED) throw new PdfError('stream too large', 0);
    parts.push(value);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Undoes a PNG predictor (ISO 32000-1, 7.4.4.4), as cross-reference streams use it. @throws PdfError */
export function unpredict(bytes: Uint8Array, parms: PdfDict): Uint8Array {
  const number = (key: string, absent: number) => {
    const value = parms.get(key);
    return typeof value === 'number' ? value : absent;
  };
  const predictor = number('Predictor', 1);
  if (predictor === 1) return bytes;
  if (predictor < 10) throw new PdfError('unknown predictor', 0);
  const pixel = Math.max(1, (number('Colors', 1) * number('BitsPerComponent', 8)) >> 3);
  const width = Math.ceil((number('Columns', 1) * number('Colors', 1) * number('BitsPerComponent', 8)) / 8);
  const rows = Math.floor(bytes.length / (width + 1));
  const plain = new Uint8Array(rows * width);
  for (let row = 0; row < rows; row++) {
    const kind = bytes[row * (width + 1)];
    for (let x = 0; x < width; x++) {
      const left = x >= pixel ? plain[row * width + x - pixel] : 0;
      const up = row > 0 ? plain[(row - 1) * width + x] : 0;
      const upLeft = x >= pixel && row > 0 ? plain[(row - 1) * width + x - pixel] : 0;
      plain[row * width + x] = bytes[row * (width + 1) + 1 + x] + predicted(kind, left, up, upLeft);
    }
  }
  return plain;
}

function predicted(kind: number, left: number, up: number, upLeft: number): number {
  if (kind === 1) return left;
  if (kind === 2) return up;
  if (kind === 3) return (left + up) >> 1;
  if (kind !== 4) return 0;
  const [dLeft, dUp, dUpLeft] = [left, up, upLeft].map((value) => Math.abs(left + up - upLeft - value));
  if (dLeft! <= dUp! && dLeft! <= dUpLeft!) return left;
  return dUp! <= dUpLeft! ? up : upLeft;
}
