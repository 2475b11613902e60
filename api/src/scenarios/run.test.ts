import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createSandbox, type Sandbox } from '../main/sandbox.ts';
import { readScenario, type ScenarioError } from './read.ts';
import { runScenario } from './run.ts';

const FLOW = fileURLToPath(new URL('../../../workflows/cma-initial/', import.meta.url));

describe('running scenarios', function () {
  this.timeout(180_000);
  let root: string;
  let sandbox: Sandbox;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'scenarios-'));
    sandbox = await createSandbox();
  });
  after(async () => {
    await sandbox.close();
    await rm(root, { recursive: true });
  });

  it('tells what was expected and found, and where the case stands [PLT-3.5]', async () => {
    const folder = join(root, 'cma-initial');
    await mkdir(join(folder, 'scenarios'), { recursive: true });
    await cp(join(FLOW, 'fixtures'), join(folder, 'fixtures'), { recursive: true });
    await cp(join(FLOW, 'flow.json'), join(folder, 'flow.json'));
    const withdrawn = await readFile(join(FLOW, 'scenarios', 'withdrawn.scenario.yaml'), 'utf8');
    const file = join(folder, 'scenarios', 'wrong.scenario.yaml');
    await writeFile(file, withdrawn.replace('case: withdrawn', 'case: granted'));
    const line = withdrawn.split('\n').indexOf('  - expect:') + 1;
    const scenario = await readScenario(file, {
      kind: 'flow',
      name: 'cma-initial',
      id: 'cma-initial',
      folder,
      home: folder,
    });
    await assert.rejects(runScenario(scenario, sandbox.openWorld), ({ message }: ScenarioError) => {
      assert.ok(message.startsWith(`${file}:${line} step 3: `), message);
      assert.match(message, /case: expected "granted", found "withdrawn"/);
      assert.match(message, /case CMA-2026-\d{5}: withdrawn, open nothing/);
      return true;
    });
  });
});
