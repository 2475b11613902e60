/** The inbox: what other areas use of it. */
export { countText, placeInList, useInboxCounts } from './queries.ts';
