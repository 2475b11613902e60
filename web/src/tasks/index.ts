/** The inbox: what other areas use of it. */
export { handOverOf, type HandOver } from './hand-over.ts';
export { countText, placeInList, useInboxCounts } from './queries.ts';
