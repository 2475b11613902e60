/** Cases: what other areas show of them. */
export { useDecision } from './decision.ts';
export { outcomeOf } from './offers.ts';
export { refreshCase, useCase, useCases, useChanges, useFollowedParts, useTakeBack } from './queries.ts';
export { default as MovePreview } from './MovePreview.vue';
