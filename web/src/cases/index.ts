/** Cases: what other areas show of them. */
export { useCase, useChanges } from './queries.ts';
