/** Applications of this person: drafts and where they stand. */
export { useDrafts, type DraftRow } from './queries.ts';
