import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageIds } from '../api/src/flows/index.ts';
import { openWorld } from '../api/src/main/world.ts';
import { readScenario, runScenario, scenarioFiles } from '../api/src/scenarios/index.ts';

const workflows = fileURLToPath(new URL('.', import.meta.url));
const templates = fileURLToPath(new URL('../templates/', import.meta.url));
const ids = await packageIds({ workflows, templates });
const files = (await Promise.all(ids.map((id) => scenarioFiles(workflows, id)))).flat();
const scenarios = await Promise.all(files.map(readScenario));

describe('scenarios', function () {
  this.timeout(180_000);
  for (const { file, flow, title, covers } of scenarios) {
    it(`${flow}: ${title} (${basename(file, '.scenario.yaml')}) [${covers.join(' ')}]`, async () => {
      await runScenario({ file, openWorld });
    });
  }
});
