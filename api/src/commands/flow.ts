/** `npm run flow -- check [name]`: is a package right; `npm run flow -- test [name]`: do its scenarios hold. */
import { fileURLToPath } from 'node:url';
import {
  checkPackage,
  describe,
  packagePlaces,
  readPackage,
  readShared,
  type Finding,
  type Place,
} from '../flows/index.ts';
import { knownTopics } from '../main/known-topics.ts';
import { readScenario, runScenario, scenarioFiles } from '../scenarios/index.ts';

const USAGE = `用法 | usage:
  npm run flow -- check [name]   检查事项或模块的文件夹 | check a flow, block or starter
  npm run flow -- test [name]    运行办理实例 | run its scenarios
`;
const folder = (name: string) => fileURLToPath(new URL(`../../../${name}`, import.meta.url));
const folders = { workflows: folder('workflows'), templates: folder('templates') };

const [command, name] = process.argv.slice(2);
process.exitCode = await run();

async function run(): Promise<number> {
  const known = await packagePlaces(folders);
  const places = known.filter((place) => name === undefined || place.name === name);
  if (places.length === 0) {
    const list = known.map((place) => place.name).join(', ');
    process.stderr.write(`没有事项或模块 ${name} | there is no flow or block ${name}. ${list}\n`);
    return 2;
  }
  if (command === 'check') return check(places);
  if (command === 'test') return test(places);
  process.stderr.write(USAGE);
  return 2;
}

async function check(places: Place[]): Promise<number> {
  const shared = await readShared(folders);
  let wrong = report(shared.findings);
  for (const place of shared.value ? places : []) {
    const read = await readPackage(folders, place, shared.value!.blocks);
    const findings = read.value ? await checkPackage(read.value, shared.value!, knownTopics()) : read.findings;
    wrong += report(findings);
    process.stdout.write(
      `${place.name}: ${findings.length === 0 ? '没有问题 | nothing wrong' : `${findings.length} 处要改 | findings`}\n`,
    );
  }
  return wrong > 0 ? 1 : 0;
}

function report(findings: Finding[]): number {
  for (const finding of findings) process.stdout.write(`${describe(finding)}\n`);
  return findings.length;
}

async function test(places: Place[]): Promise<number> {
  // Only here, so that checking needs neither database nor engine.
  const { createSandbox } = await import('../main/sandbox.ts');
  const sandbox = await createSandbox({ everything: true });
  let failed = 0;
  for (const place of places)
    for (const file of await scenarioFiles(place)) {
      try {
        const scenario = await readScenario(file, place);
        await runScenario(scenario, sandbox.openWorld);
        process.stdout.write(`✔ ${place.name}: ${scenario.title}\n`);
      } catch (error) {
        failed += 1;
        process.stdout.write(`✘ ${place.name}: ${(error as Error).message}\n`);
      }
    }
  await sandbox.close();
  return failed > 0 ? 1 : 0;
}
