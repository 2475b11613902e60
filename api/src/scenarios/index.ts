/** Scenarios of flow packages: read, and run in a world of their own. */
export { promisedCoverage, readScenario, ScenarioError, scenarioFiles, type ReadScenario } from './read.ts';
export { createClients, Refusal, type Client, type Clients } from './client.ts';
export { enter, sheetOf } from './entries.ts';
export { materialFile } from './material.ts';
export { runScenario } from './run.ts';
export type { Account, Ground, OpenWorld, World } from './world.ts';
export { coverageOf, coverageText, percentOf, type Coverage } from './coverage.ts';
export { coveragePage } from './page.ts';
export { runScenarios, type Ran } from './runner.ts';
