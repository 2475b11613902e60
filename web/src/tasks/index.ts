/** The inbox: what other areas use of it. */
export { USUAL } from './filter.ts';
export { handOverOf, type HandOver } from './hand-over.ts';
export { countText, placeInList, useInbox, useInboxCounts } from './queries.ts';
