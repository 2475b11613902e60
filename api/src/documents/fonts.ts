import { createRequire } from 'node:module';
import { join, dirname } from 'node:path';
import { openSync, type Font } from 'fontkit';

/** A TrueType file that documents, certificates and seals are set in. */
export interface FontFile {
  family: 'Noto Serif SC' | 'Noto Sans SC';
  path: string;
  /** The opened font; the file is read at the first use and kept. */
  font(): Font;
}

export interface Fonts {
  serif: FontFile;
  serifBold: FontFile;
  sans: FontFile;
  sansBold: FontFile;
}

/** The fonts that come with the product: the same documents look the same on every machine. */
export function createFonts(): Fonts {
  return {
    serif: fontFile('Noto Serif SC', 'noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf'),
    serifBold: fontFile('Noto Serif SC', 'noto-serif-sc/700Bold/NotoSerifSC_700Bold.ttf'),
    sans: fontFile('Noto Sans SC', 'noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf'),
    sansBold: fontFile('Noto Sans SC', 'noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf'),
  };
}

function fontFile(family: FontFile['family'], file: string): FontFile {
  const [pack, ...rest] = file.split('/');
  const root = dirname(createRequire(import.meta.url).resolve(`@expo-google-fonts/${pack}/package.json`));
  const path = join(root, ...rest);
  let opened: Font | undefined;
  return { family, path, font: () => (opened ??= openSync(path) as Font) };
}

/** The characters of a text in neither font of documents, each once; the ticked box is a symbol of every converter. */
export const unprintable = (text: string, { serif, sans }: Fonts): string[] =>
  missingGlyphs(missingGlyphs(text, serif).join(''), sans).filter((character) => character !== '☑');

/** The characters of a text that a font can't show, each once. Line breaks and tabs aren't shown and don't count. */
export function missingGlyphs(text: string, { font }: FontFile): string[] {
  const shown = [...new Set(text)].filter((character) => !/[\n\r\t]/.test(character));
  return shown.filter((character) => !font().hasGlyphForCodePoint(character.codePointAt(0)!));
}
