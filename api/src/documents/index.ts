export { createFonts, missingGlyphs, type FontFile, type Fonts } from './fonts.ts';
