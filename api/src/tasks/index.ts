/** Tasks: lists, who holds one, deciding. */
export { createDecide, decisionMessage, type Decide, type DecideDeps } from './decide.ts';
export { createHold, type Hold } from './hold.ts';
export { createInbox, type Inbox, type InboxDays, type InboxQuery } from './inbox.ts';
export { createLists, type Lists } from './list.ts';
export { offersOf, type Situation } from './offers.ts';
export * from './problems.ts';
export { groupsOfTask, mayTake, type TaskRow } from './rows.ts';
export { taskRoutes } from './tasks.routes.ts';
