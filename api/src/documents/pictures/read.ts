/** What a picture file says about itself, read from its bytes without unpacking it. */

export interface Picture {
  type: 'png' | 'jpg';
  /** What is put into documents: of a JPEG without what the camera noted (place, device, preview). */
  bytes: Buffer;
  /** Points, as stored: before it is turned. */
  width: number;
  height: number;
  /** How it is to be shown: mirrored left to right first, then turned clockwise. */
  mirrored: boolean;
  turn: 0 | 90 | 180 | 270;
}

type Shown = Pick<Picture, 'mirrored' | 'turn'>;

/** EXIF 2.3, tag 0x0112, values 1 to 8. */
const ORIENTATIONS: Shown[] = [
  { mirrored: false, turn: 0 },
  { mirrored: true, turn: 0 },
  { mirrored: false, turn: 180 },
  { mirrored: true, turn: 180 },
  { mirrored: true, turn: 270 },
  { mirrored: false, turn: 90 },
  { mirrored: true, turn: 90 },
  { mirrored: false, turn: 270 },
];
const ORIENTATION = 0x0112;
const PNG_HEAD = '89504e470d0a1a0a';

/** A whole PNG or JPEG; null for what is neither or was cut off. */
export function readPicture(bytes: Buffer): Picture | null {
  try {
    return bytes.subarray(0, 8).toString('hex') === PNG_HEAD ? readPng(bytes) : readJpeg(bytes);
  } catch (error) {
    // Read beyond the end.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function readPng(bytes: Buffer): Picture | null {
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const whole = bytes.subarray(12, 16).toString('latin1') === 'IHDR' && bytes.includes('IEND', -16, 'latin1');
  return whole && width > 0 && height > 0 ? { type: 'png', bytes, width, height, mirrored: false, turn: 0 } : null;
}

/** Segments up to the scan: markers, each with its length (ISO/IEC 10918-1, annex B). */
function readJpeg(bytes: Buffer): Picture | null {
  if (bytes.readUInt16BE(0) !== 0xffd8 || bytes.lastIndexOf(Buffer.from([0xff, 0xd9])) < 0) return null;
  const kept = [bytes.subarray(0, 2)];
  let size: { width: number; height: number } | undefined;
  let shown = ORIENTATIONS[0]!;
  let at = 2;
  for (;;) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes.readUInt8(at + 1);
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === 0xda) break;
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    if (isFrame(marker)) size = { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    if (marker === 0xe1) shown = orientationOf(bytes.subarray(at + 4, end)) ?? shown;
    else kept.push(bytes.subarray(at, end));
    at = end;
  }
  if (!size?.width || !size.height) return null;
  return { type: 'jpg', bytes: Buffer.concat([...kept, bytes.subarray(at)]), ...size, ...shown };
}

/** SOF0 to SOF15; among them stand tables (C4), an extension (C8) and arithmetic conditions (CC). */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** Of an EXIF block: a TIFF head and the first directory. */
function orientationOf(block: Buffer): Shown | undefined {
  if (block.subarray(0, 6).toString('latin1') !== 'Exif\0\0') return undefined;
  const tiff = block.subarray(6);
  const little = tiff.subarray(0, 2).toString('latin1') === 'II';
  const u16 = (at: number) => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const directory = little ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  for (let i = 0; i < u16(directory); i++) {
    const entry = directory + 2 + i * 12;
    if (u16(entry) === ORIENTATION) return ORIENTATIONS[u16(entry + 8) - 1];
  }
  return undefined;
}
