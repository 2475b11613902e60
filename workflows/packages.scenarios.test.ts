import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packagePlaces } from '../api/src/flows/index.ts';
import { createSandbox, type Sandbox } from '../api/src/main/sandbox.ts';
import { coverPackage } from '../api/src/main/test-packages.ts';
import {
  coverageText,
  percentOf,
  promisedCoverage,
  readScenario,
  runScenarios,
  scenarioFiles,
  type Ran,
} from '../api/src/scenarios/index.ts';

const folder = (name: string) => fileURLToPath(new URL(`../${name}/`, import.meta.url));
const folders = { workflows: folder('workflows'), templates: folder('templates') };
const places = await packagePlaces(folders);
const read = await Promise.all(
  places.map(async (place) => Promise.all((await scenarioFiles(place)).map((file) => readScenario(file, place)))),
);
const scenarios = read.flat();

describe('scenarios', function () {
  this.timeout(600_000);
  let sandbox: Sandbox;
  let running: Promise<Ran>[];
  before(async () => {
    sandbox = await createSandbox({ everything: true, ahead: true });
    running = runScenarios(scenarios, sandbox.openWorld);
  });
  after(() => sandbox.close());

  for (const [i, { place, title, file, covers }] of scenarios.entries())
    it(`${place.name}: ${title} (${basename(file, '.scenario.yaml')}) [${covers.join(' ')}]`, async () => {
      const { error } = await running[i]!;
      if (error) throw error;
    });

  for (const [i, place] of places.entries())
    it(`${place.name}: its scenarios take all its outcomes, and what they promise [PLT-3.5]`, async () => {
      const own = read[i]!.map((scenario) => running[scenarios.indexOf(scenario)]!);
      const coverage = await coverPackage(folders, place, await Promise.all(own), folder('.data/coverage'));
      const { flows, outcomes } = await promisedCoverage(place);
      const text = coverageText(place.name, coverage);
      assert.ok(percentOf(coverage.flows) >= flows, text);
      assert.ok(percentOf(coverage.outcomes) >= outcomes, text);
      // A block's own scenarios take what is in it.
      const owed = place.kind === 'block' ? coverage.outcomes : coverage.outcomes.filter((part) => !part.inBlock);
      assert.equal(percentOf(owed), 100, text);
    });
});
