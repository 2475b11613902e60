import type { Font } from 'fontkit';

/** One step of an outline: move, line, curve, close. The picture spans -1 … 1 both ways, y upwards. */
export type Step = ['M' | 'L', number, number] | ['C', number, number, number, number, number, number] | ['Z'];

/** A seal as one filled outline (non-zero rule), to be drawn at any size. */
export interface SealPicture {
  outline: Step[];
}

const RING = { outer: 1, inner: 0.945 };
const TEXT = { radius: 0.735, height: 0.3, widest: 0.28, mostArc: (250 / 180) * Math.PI, step: 0.42 };
const STAR = { radius: 0.3, y: 0 };
const CENTRE = { y: -0.52, height: 0.2, widest: 0.16, width: 1.06 };
/** The middle of a Chinese character above its base line, in em. */
const MIDDLE = 0.38;

/**
 * Draws a round seal: ring, star, the name along the ring, and below the star what the seal is for
 * (「行政许可专用章」), if anything.
 */
export function drawSeal({ text, centre, font }: { text: string; centre?: string; font: Font }): SealPicture {
  return {
    outline: [
      ...circle(RING.outer, 1),
      ...circle(RING.inner, -1),
      ...star(STAR.radius, STAR.y),
      ...alongRing([...text], font),
      ...(centre ? inLine([...centre], font) : []),
    ],
  };
}

/** The seal as the steps of a PDF content stream (ISO 32000-1, 8.5), in its unit square. */
export function sealOperators(seal: SealPicture): string {
  const lines = seal.outline.map(([kind, ...points]) =>
    kind === 'Z' ? 'h' : `${points.map(short).join(' ')} ${kind === 'M' ? 'm' : kind === 'L' ? 'l' : 'c'}`,
  );
  return `${lines.join('\n')}\nf\n`;
}

/** The seal as an SVG picture. */
export function sealSvg(seal: SealPicture): string {
  const d = seal.outline
    .map(([kind, ...points]) => kind + points.map((p, i) => short(i % 2 ? -p : p)).join(' '))
    .join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1 -1 2 2"><path fill="${SEAL_RED}" d="${d}"/></svg>`;
}

export const SEAL_RED = '#c8102e';

const short = (value: number) => String(Math.round(value * 10000) / 10000);

type Place = (x: number, y: number) => [number, number];

function circle(radius: number, turn: 1 | -1): Step[] {
  const k = 0.5523 * radius;
  const at = (x: number, y: number) => [x, y * turn] as const;
  const quarter = (a: [number, number], b: [number, number], c: [number, number]): Step => [
    'C',
    ...at(...a),
    ...at(...b),
    ...at(...c),
  ];
  const r = radius;
  return [
    ['M', r, 0],
    quarter([r, k], [k, r], [0, r]),
    quarter([-k, r], [-r, k], [-r, 0]),
    quarter([-r, -k], [-k, -r], [0, -r]),
    quarter([k, -r], [r, -k], [r, 0]),
    ['Z'],
  ];
}

function star(radius: number, y: number): Step[] {
  const points = Array.from({ length: 10 }, (_, i): Step => {
    const angle = Math.PI / 2 + (i * Math.PI) / 5;
    const r = i % 2 ? radius * 0.382 : radius;
    return [i ? 'L' : 'M', r * Math.cos(angle), y + r * Math.sin(angle)];
  });
  return [...points, ['Z']];
}

function alongRing(characters: string[], font: Font): Step[] {
  const step = Math.min(TEXT.step, TEXT.mostArc / Math.max(1, characters.length - 1));
  const width = Math.min(TEXT.widest, step * TEXT.radius * 0.9);
  return characters.flatMap((character, i) => {
    const turn = (characters.length - 1) / 2 - i;
    const angle = turn * step;
    const place: Place = (x, y) => {
      const out = TEXT.radius + y * TEXT.height;
      const side = x * width;
      return [side * Math.cos(angle) - out * Math.sin(angle), side * Math.sin(angle) + out * Math.cos(angle)];
    };
    return glyph(character, font, place);
  });
}

function inLine(characters: string[], font: Font): Step[] {
  const width = Math.min(CENTRE.widest, CENTRE.width / characters.length);
  return characters.flatMap((character, i) => {
    const middle = (i - (characters.length - 1) / 2) * width;
    return glyph(character, font, (x, y) => [middle + x * width * 0.95, CENTRE.y + y * CENTRE.height]);
  });
}

/** A character's outline, its em square around the origin. */
function glyph(character: string, font: Font, place: Place): Step[] {
  const shape = font.glyphForCodePoint(character.codePointAt(0)!);
  const em = font.unitsPerEm;
  const at = (x: number, y: number) => place((x - shape.advanceWidth / 2) / em, y / em - MIDDLE);
  let [fromX, fromY] = [0, 0];
  return shape.path.commands.map(({ command, args }): Step => {
    const before = [fromX, fromY];
    [fromX, fromY] = args.length ? args.slice(-2) : before;
    const third = (a: number, b: number) => a + (2 / 3) * (b - a);
    switch (command) {
      case 'moveTo':
        return ['M', ...at(args[0], args[1])];
      case 'lineTo':
        return ['L', ...at(args[0], args[1])];
      case 'quadraticCurveTo': {
        const first = at(third(before[0], args[0]), third(before[1], args[1]));
        return ['C', ...first, ...at(third(args[2], args[0]), third(args[3], args[1])), ...at(args[2], args[3])];
      }
      case 'bezierCurveTo':
        return ['C', ...at(args[0], args[1]), ...at(args[2], args[3]), ...at(args[4], args[5])];
      default:
        return ['Z'];
    }
  });
}
