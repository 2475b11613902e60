/** Scenarios of flow packages: read, and run in a world of their own. */
export { readScenario, ScenarioError, scenarioFiles, type ReadScenario } from './read.ts';
export { materialFile } from './material.ts';
export { runScenario } from './run.ts';
export type { Account, OpenWorld, World } from './world.ts';
