/** Cases: what other areas show of them. */
export { useDecision } from './decision.ts';
export { outcomeOf } from './offers.ts';
/** Brings the code of the case page ahead, where cases are opened from. */
export const bringCasePage = () => import('./CasePage.vue').catch(() => undefined);
export { refreshCase, useCase, useCases, useChanges, useFollowedParts, useTakeBack } from './queries.ts';
export { default as MovePreview } from './MovePreview.vue';
