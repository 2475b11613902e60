import { basename } from 'node:path';
import { packagePlaces } from '../../api/src/flows/index.ts';
import { createSandbox } from '../../api/src/main/sandbox.ts';
import { readScenario, runScenario, scenarioFiles } from '../../api/src/scenarios/index.ts';
import { folders } from '../kit.ts';
import { inTurn, type Row } from '../row.ts';

/** Three levels of approval, sent back twice: eight decisions, a refusal, three looks. */
const BLOCK = 'three-level-approval';

export const scenario: Row = {
  id: 'scenario',
  title: '十二步的场景，整套产品一次（沙箱已热）',
  limit: 3000,
  figure: 'median',
  async measure() {
    const place = (await packagePlaces(folders)).find(({ kind, name }) => kind === 'block' && name === BLOCK)!;
    const file = (await scenarioFiles(place)).find((path) => basename(path).startsWith('approved.'))!;
    const read = await readScenario(file, place);
    const sandbox = await createSandbox({ everything: true, ahead: true });
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
