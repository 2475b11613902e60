/** Handwriting out of a picture: how dark each point is against its paper, cut to what was written. */
import { PNG } from 'pngjs';
import { invalidInput } from '../core/index.ts';
import type { Ink } from '../signatures/index.ts';

const LIMIT = { bytes: 2 * 2 ** 20, side: 3000 };
/** Below this share of full ink a point is paper: shadows and the grain of a photograph. */
const FAINTEST = 0.3;
const MARGIN = 4;

/**
 * Reads a PNG from a pen on a screen (transparent paper) or a photograph of a signature (bright paper); the paper
 * becomes transparent.
 * @throws Problem where it is no PNG, too large, or nothing is written on it
 */
export function inkOf(png: Buffer): Ink {
  const picture = read(png);
  const paper = brightness(picture);
  const alpha = Buffer.alloc(picture.width * picture.height);
  for (let i = 0; i < alpha.length; i++) {
    const dark = Math.max(0, 1 - lightAt(picture, i) / paper);
    const ink = dark * (picture.data[i * 4 + 3]! / 255);
    alpha[i] = ink < FAINTEST ? 0 : Math.round(Math.min(1, ink * 1.25) * 255);
  }
  const box = boxOf(alpha, picture.width);
  if (!box) throw refused('画面上没有写字。重新签名', 'Nothing is written on it; sign again');
  return cut(alpha, picture, box);
}

function read(png: Buffer): PNG {
  if (png.length > LIMIT.bytes) throw refused('图片超过 2 MB。缩小后再传', 'The picture is larger than 2 MB');
  // Width and height stand at fixed places of the head; a picture that unpacks to far more is not unpacked.
  const known = png.length > 33 && png.readUInt32BE(0) === 0x89504e47;
  if (!known) throw refused('不是 PNG 图片', 'It is no PNG picture');
  if (png.readUInt32BE(16) > LIMIT.side || png.readUInt32BE(20) > LIMIT.side)
    throw refused(`图片每边不超过 ${LIMIT.side} 点`, `At most ${LIMIT.side} points each way`);
  try {
    return PNG.sync.read(png);
  } catch {
    throw refused('图片读不出来，可能已损坏', 'The picture cannot be read');
  }
}

/** Luminance of a point, 0 … 255 (ITU-R BT.601). */
function lightAt({ data }: PNG, i: number): number {
  return 0.299 * data[i * 4]! + 0.587 * data[i * 4 + 1]! + 0.114 * data[i * 4 + 2]!;
}

/** How bright the paper is: nine of ten opaque points are darker or equal; white where all is transparent. */
function brightness(picture: PNG): number {
  const counts = new Uint32Array(256);
  let opaque = 0;
  for (let i = 0; i < picture.width * picture.height; i++)
    if (picture.data[i * 4 + 3]! > 200) {
      counts[Math.round(lightAt(picture, i))]!++;
      opaque++;
    }
  // Ink alone, as a pen on a screen leaves it, is no paper.
  if (opaque < picture.width * picture.height * 0.9) return 255;
  let below = 0;
  const at = counts.findIndex((count) => (below += count) >= opaque * 0.9);
  return Math.max(1, at);
}

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

function boxOf(alpha: Buffer, width: number): Box | null {
  const box = { left: width, top: Infinity, right: -1, bottom: -1 };
  for (let i = 0; i < alpha.length; i++) {
    if (alpha[i] === 0) continue;
    const [x, y] = [i % width, Math.floor(i / width)];
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x);
    box.top = Math.min(box.top, y);
    box.bottom = Math.max(box.bottom, y);
  }
  return box.right < 0 ? null : box;
}

function cut(alpha: Buffer, { width, height }: PNG, box: Box): Ink {
  const left = Math.max(0, box.left - MARGIN);
  const top = Math.max(0, box.top - MARGIN);
  const right = Math.min(width, box.right + 1 + MARGIN);
  const bottom = Math.min(height, box.bottom + 1 + MARGIN);
  const rows = Array.from({ length: bottom - top }, (_, y) =>
    alpha.subarray((top + y) * width + left, (top + y) * width + right),
  );
  return { width: right - left, height: bottom - top, alpha: Buffer.concat(rows) };
}

const refused = (zh: string, en: string) => invalidInput({ fields: [{ path: 'picture', zh, en }] });
