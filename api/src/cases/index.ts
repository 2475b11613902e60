/** Cases: submitting, seeing, leaving by an exit, who may change which form. */
export { createAccess, pinsOf, type Access, type AccessOf } from './access.ts';
export { createAcknowledge } from './acknowledgement.ts';
export { caseRoutes } from './cases.routes.ts';
export { createCorrections, createLapsedCorrections } from './corrections.ts';
export { createMoveEffects } from './effects.ts';
export { createReturns, type Returns } from './returns.ts';
export { createTakeBack, type TakeBack } from './take-back.ts';
export { createExits, type Exits } from './exits.ts';
export { createMigrations, type Migrations } from './migration.ts';
export { createLinks, type Links } from './links.ts';
export { createOpenCase, type NewCase, type OpenCase } from './open.ts';
export { createFileCorrected } from './sealed.ts';
export { createParts, type Parts } from './parts.ts';
export { createCaseList } from './list.ts';
export { createSubmit, type StartDeps, type Started, type Submit } from './start.ts';
export { createSummarise } from './summary.ts';
export { createView, titleOf, type ViewTask } from './view.ts';
