import { basename } from 'node:path';
import { packagePlaces } from '../../api/src/flows/index.ts';
import { createSandbox } from '../../api/src/main/sandbox.ts';
import { readScenario, runScenario, scenarioFiles } from '../../api/src/scenarios/index.ts';
import { folders, CMA } from '../kit.ts';
import { inTurn, type Row } from '../row.ts';

export const scenario: Row = {
  id: 'scenario',
  title: '十一步的场景，整套产品一次（沙箱已热）',
  limit: 3000,
  figure: 'median',
  async measure() {
    const place = (await packagePlaces(folders)).find(({ name }) => name === basename(CMA))!;
    const file = (await scenarioFiles(place)).find((path) => basename(path).startsWith('rectified.'))!;
    const read = await readScenario(file, place);
    const sandbox = await createSandbox();
    try {
      return await inTurn(5, () => runScenario(read, sandbox.openWorld), {
        title: '只开一个世界',
        run: async () => (await sandbox.openWorld()).close(),
      });
    } finally {
      await sandbox.close();
    }
  },
};
