/** For tests: pictures made by code. */
import { PNG } from 'pngjs';

/** Red above, blue below. */
export function picturePng(width: number, height: number): Buffer {
  const png = new PNG({ width, height });
  for (let i = 0; i < width * height; i++)
    png.data.set(i < (width * height) / 2 ? [200, 0, 0, 255] : [0, 0, 200, 255], i * 4);
  return PNG.sync.write(png);
}

const segment = (marker: number, ...bytes: number[]) => [0xff, marker, ...u16(bytes.length + 2), ...bytes];
const u16 = (n: number) => [n >> 8, n & 255];

/** Difference of 0, and of ten bits: a block is as the one before, or turns from grey to white and back. */
const CODES = { same: '0', other: '10' };
const END = '0';

/** White above, grey below; with an EXIF block as cameras write it. */
export function pictureJpeg(width: number, height: number, orientation = 1): Buffer {
  const exif = [...Buffer.from('Exif\0\0MM\0*'), 0, 0, 0, 8, ...u16(1), ...u16(0x0112), ...u16(3), 0, 0, 0, 1];
  const [across, down] = [Math.ceil(width / 8), Math.ceil(height / 8)];
  const half = across * Math.ceil(down / 2);
  const blocks = Array.from({ length: across * down }, (_, i) => {
    const bits = { 0: CODES.other + '1'.repeat(10), [half]: CODES.other + '0'.repeat(10) }[i];
    return (bits ?? CODES.same) + END;
  });
  const scan = blocks
    .join('')
    .match(/.{1,8}/g)!
    .flatMap((bits) => {
      const byte = parseInt(bits.padEnd(8, '1'), 2);
      return byte === 0xff ? [0xff, 0] : [byte];
    });
  const none = (count: number) => Array<number>(count).fill(0);
  return Buffer.from([
    ...[0xff, 0xd8],
    ...segment(0xe1, ...exif, ...u16(orientation), ...none(6)),
    ...segment(0xdb, 0, ...Array<number>(64).fill(1)),
    ...segment(0xc0, 8, ...u16(height), ...u16(width), 1, 1, 0x11, 0),
    ...segment(0xc4, 0x00, 1, 1, ...none(14), 0, 10),
    ...segment(0xc4, 0x10, 1, ...none(15), 0),
    ...segment(0xda, 1, 1, 0, 0, 63, 0),
    ...scan,
    ...[0xff, 0xd9],
  ]);
}
