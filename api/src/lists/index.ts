/** Lists of cases that concern a person without waiting for them. */
export { watchRoutes } from './watch.ts';
