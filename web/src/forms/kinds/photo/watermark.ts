/** Lines burnt into a picture, so that it says itself when, where and by whom it was taken. */
import { spellPoint, type Lang } from '../../../../../contracts/kinds/index.ts';
import type { Place } from '../../device.ts';

export interface Shot {
  at: string;
  by: string;
  place: Place | null;
}

const spelled = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  dateStyle: 'short',
  timeStyle: 'medium',
});

/** What stands on the picture. */
export function linesOf({ at, by, place }: Shot, lang: Lang, noPlace: string): string[] {
  return [spelled.format(new Date(at)), place ? spellPoint(place, lang) : noPlace, by];
}

/** Draws the lines into the lower left corner, readable on any ground. */
export function stamp(canvas: HTMLCanvasElement, lines: string[]): void {
  const context = canvas.getContext('2d')!;
  const size = Math.max(12, Math.round(canvas.width / 42));
  const height = size * 1.45;
  context.font = `600 ${size}px sans-serif`;
  const width = Math.max(...lines.map((line) => context.measureText(line).width));
  const top = canvas.height - lines.length * height - size;
  context.fillStyle = 'rgba(0, 0, 0, 0.55)';
  context.fillRect(0, top, width + size * 2, canvas.height - top);
  context.fillStyle = '#fff';
  context.textBaseline = 'top';
  lines.forEach((line, i) => context.fillText(line, size, top + size * 0.5 + i * height));
}
