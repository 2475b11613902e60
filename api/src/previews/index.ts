/** Looking at files that a browser does not show by itself: Word as PDF, Excel as rows, archives as lists. */
export { createPreviews, type Previews } from './previews.ts';
export { sheetsOf } from './sheets.ts';
