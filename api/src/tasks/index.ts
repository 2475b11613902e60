/** Tasks: lists, who holds one, deciding. */
export { createAdoptTasks } from './adopt.ts';
export { answerersOf, createFixAnswerers, speaksFor } from './answerers.ts';
export { answersOfCase } from './answers.view.ts';
export {
  createDecide,
  decisionMessage,
  type Correct,
  type Correction,
  type Decide,
  type DecideBySystem,
  type DecideDeps,
} from './decide.ts';
export { heldProblem, whyHeld, type Held } from './held.ts';
export { createGiveBack, createHold, type Hold } from './hold.ts';
export { createHandOver, type HandsOver } from './hand-over.ts';
export { createInbox, type Inbox, type InboxQuery } from './inbox.ts';
export { createLists, type Lists } from './list.ts';
export { createOfferTask, type OfferTask } from './offer.ts';
export { checkNeeds, createMayDecide, type MayDecide } from './may-decide.ts';
export { timeOfDay } from './moment.ts';
export { offersOf, type Situation } from './offers.ts';
export { createTellNews, type TellNews } from './news.ts';
export { createFate, whatEnded } from './ended.ts';
export * from './problems.ts';
export { whyAwaited } from './signs.rows.ts';
export { askedOf, signsOfCase } from './signs.view.ts';
export { createAwaitSigns } from './await-signs.ts';
export { createSigns, type Signs } from './signs.ts';
export { groupsOfTask, type TaskRow } from './rows.ts';
export { URGE_AFTER } from './settings.ts';
export { taskRoutes } from './tasks.routes.ts';
export { checkTurn, exclusionOf, mayAct, turnOn, turnsOf, type Turn } from './turn.ts';
