import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packagePlaces } from '../api/src/flows/index.ts';
import { createSandbox, type Sandbox } from '../api/src/main/sandbox.ts';
import { readScenario, runScenario, scenarioFiles } from '../api/src/scenarios/index.ts';

const workflows = fileURLToPath(new URL('.', import.meta.url));
const templates = fileURLToPath(new URL('../templates/', import.meta.url));
const places = await packagePlaces({ workflows, templates });
const scenarios = await Promise.all(
  places.flatMap(async (place) => Promise.all((await scenarioFiles(place)).map((file) => readScenario(file, place)))),
);

describe('scenarios', function () {
  this.timeout(180_000);
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await createSandbox({ everything: true });
  });
  after(() => sandbox.close());

  for (const scenario of scenarios.flat()) {
    const { place, title, file, covers } = scenario;
    it(`${place.name}: ${title} (${basename(file, '.scenario.yaml')}) [${covers.join(' ')}]`, async () => {
      await runScenario(scenario, sandbox.openWorld);
    });
  }
});
