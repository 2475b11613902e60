/** Scenarios of flow packages: read, and run in a world of their own. */
export { promisedCoverage, readScenario, ScenarioError, scenarioFiles, type ReadScenario } from './read.ts';
export { createClients, Refusal, type Client, type Clients } from './client.ts';
export { act, type ActPlace } from './act.ts';
export { beginDraft, submitDraft } from './drafts.ts';
export { differences } from './expect.ts';
export { passUntil, workingDays, type Moving } from './pass.ts';
export { Act, entriesShape, Expectation, type Entries } from './schema.ts';
export { enter, sheetOf } from './entries.ts';
export { materialFile } from './material.ts';
export { runScenario } from './run.ts';
export type { Account, Ground, OpenWorld, World } from './world.ts';
export { coverageOf, coverageText, percentOf, type Coverage } from './coverage.ts';
export { coveragePage } from './page.ts';
export { runScenarios, type Ran } from './runner.ts';
