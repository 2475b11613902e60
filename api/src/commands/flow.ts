/** `npm run flow -- check [id]`: is a package right; `npm run flow -- test [id]`: do its scenarios hold. */
import { fileURLToPath } from 'node:url';
import { checkPackage, describe, packageIds, readPackage, readShared, type Finding } from '../flows/index.ts';
import { knownTopics } from '../main/known-topics.ts';
import { runScenario, scenarioFiles } from '../scenarios/index.ts';

const USAGE = `用法 | usage:
  npm run flow -- check [id]   检查事项文件夹 | check a flow package
  npm run flow -- test [id]    运行办理实例 | run its scenarios
`;
const folder = (name: string) => fileURLToPath(new URL(`../../../${name}`, import.meta.url));
const folders = { workflows: folder('workflows'), templates: folder('templates') };

const [command, id] = process.argv.slice(2);
process.exitCode = await run();

async function run(): Promise<number> {
  const known = await packageIds(folders);
  if (id !== undefined && !known.includes(id)) {
    process.stderr.write(`没有事项 ${id} | there is no flow ${id}. ${known.join(', ')}\n`);
    return 2;
  }
  const ids = id === undefined ? known : [id];
  if (command === 'check') return check(ids);
  if (command === 'test') return test(ids);
  process.stderr.write(USAGE);
  return 2;
}

async function check(ids: string[]): Promise<number> {
  const shared = await readShared(folders);
  let wrong = report(shared.findings);
  for (const flow of shared.value ? ids : []) {
    const read = await readPackage(folders, flow, shared.value!.blocks);
    const findings = read.value ? await checkPackage(read.value, shared.value!, knownTopics()) : read.findings;
    wrong += report(findings);
    process.stdout.write(
      `${flow}: ${findings.length === 0 ? '没有问题 | nothing wrong' : `${findings.length} 处要改 | findings`}\n`,
    );
  }
  return wrong > 0 ? 1 : 0;
}

function report(findings: Finding[]): number {
  for (const finding of findings) process.stdout.write(`${describe(finding)}\n`);
  return findings.length;
}

async function test(ids: string[]): Promise<number> {
  // Only here, so that checking needs neither database nor engine.
  const { openWorld } = await import('../main/world.ts');
  let failed = 0;
  for (const file of (await Promise.all(ids.map((flow) => scenarioFiles(folders.workflows, flow)))).flat()) {
    try {
      const { title } = await runScenario({ file, openWorld });
      process.stdout.write(`✔ ${title}\n`);
    } catch (error) {
      failed += 1;
      process.stdout.write(`✘ ${(error as Error).message}\n`);
    }
  }
  return failed > 0 ? 1 : 0;
}
