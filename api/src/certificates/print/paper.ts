/** Drawing on PDF pages with the product's fonts: measured, wrapped, placed. Lengths are points, y grows downwards. */
import type PDFDocument from 'pdfkit';
import type { FontFile } from '../../documents/index.ts';

export type Pdf = InstanceType<typeof PDFDocument>;

export const A4 = { width: 595.28, height: 841.89 };
export const INK = { black: '#1a1a1a', grey: '#8a8a8a', red: '#b3261e', line: '#9a7b4f' };

/** Makes fonts known by their path. pdfkit takes opened fonts, what they cached included; its types don't say so. */
export function registerFonts(pdf: Pdf, files: FontFile[]): void {
  for (const file of files) pdf.registerFont(file.path, file.font() as unknown as PDFKit.Mixins.PDFFontSource);
}

/** A font at a size: how wide its texts are, and how they break into lines. */
export interface Ruler {
  file: FontFile;
  size: number;
  width(text: string): number;
  /** Lines that fit; words of Latin letters stay whole where they can, no line begins with a closing mark. */
  wrap(text: string, width: number): string[];
}

/**
 * Lower and upper figures of formulas and units (SO₂, 10⁻³) are in none of the fonts: they are set from the ordinary
 * ones, smaller and moved.
 */
const LOWER = '₀₁₂₃₄₅₆₇₈₉₊₋';
const UPPER = '⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻';
const ORDINARY = '0123456789+-';
const FIGURES = new RegExp(`([${LOWER}]+)|([${UPPER}]+)`, 'u');
const SMALL = { size: 0.62, lower: 0.12, upper: -0.34 };

/** The text in characters that the font has, its lower and upper figures as ordinary ones. */
export const ordinary = (text: string): string =>
  [...text].map((character) => ORDINARY[(LOWER + UPPER).indexOf(character) % ORDINARY.length] ?? character).join('');

/** Latin words and single characters, each with its opening and closing marks and its small figures. */
const PIECE = new RegExp(`[（《「“]*(?:[!-~]+|.)[，。；：、）》」”${LOWER}${UPPER}]*`, 'gsu');

export function createRuler(file: FontFile, size: number): Ruler {
  const font = file.font();
  const advances = new Map<string, number>();
  const advance = (character: string): number => {
    const known = advances.get(character);
    if (known !== undefined) return known;
    const { advanceWidth } = font.glyphForCodePoint(ordinary(character).codePointAt(0)!);
    const width = (advanceWidth * size * (FIGURES.test(character) ? SMALL.size : 1)) / font.unitsPerEm;
    advances.set(character, width);
    return width;
  };
  const widthOf = (text: string): number => {
    let width = 0;
    for (const character of text) width += advance(character);
    return width;
  };

  return {
    file,
    size,
    width: widthOf,
    wrap: (text, width) =>
      text.split(/\r?\n/).flatMap((paragraph) => {
        const pieces = (paragraph.match(PIECE) ?? []).flatMap((piece) => (widthOf(piece) > width ? [...piece] : piece));
        const lines = [''];
        let used = 0;
        for (const piece of pieces) {
          const wide = widthOf(piece);
          if (used > 0 && used + wide > width) {
            lines.push('');
            used = 0;
          }
          lines[lines.length - 1] += piece;
          used += wide;
        }
        return lines;
      }),
  };
}

/** Puts one line of a registered font (see `registerFonts`) with its left upper corner (or middle, or right corner) at x, y. */
export function line(
  pdf: Pdf,
  ruler: Ruler,
  text: string,
  x: number,
  y: number,
  align: 'left' | 'center' | 'right' = 'left',
) {
  const shift = align === 'left' ? 0 : ruler.width(text) / (align === 'center' ? 2 : 1);
  const font = ruler.file.font();
  const below = (font.ascent / font.unitsPerEm) * ruler.size * (1 - SMALL.size);
  pdf.font(ruler.file.path);
  let at = x - shift;
  for (const part of text.split(FIGURES).filter(Boolean)) {
    const small = FIGURES.test(part);
    const move = LOWER.includes(part[0]) ? SMALL.lower : SMALL.upper;
    pdf
      .fontSize(small ? ruler.size * SMALL.size : ruler.size)
      .text(ordinary(part), at, small ? y + below + move * ruler.size : y, { lineBreak: false });
    at += ruler.width(part);
  }
}

/** Puts lines below each other. @returns y below the last one */
export function lines(pdf: Pdf, ruler: Ruler, texts: string[], x: number, y: number, step: number): number {
  texts.forEach((text, i) => line(pdf, ruler, text, x, y + i * step));
  return y + texts.length * step;
}
