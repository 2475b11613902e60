/** Applications of this person: drafts and where they stand. */
export { default as DraftsCard } from './DraftsCard.vue';
export { useDrafts, type DraftRow } from './queries.ts';
