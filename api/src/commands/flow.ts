/**
 * `npm run flow -- check|test [name …]`: is a package right, do its scenarios hold; `npm run flow -- new <id> --from
 * <starter>`: begin a new one; `npm run flow -- templates`: what the modeler's palette offers. A name is that of a flow,
 * block, starter or example; without one, all.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  checkPackage,
  compiled,
  copyPackage,
  describe,
  NewFlowError,
  packagePlaces,
  readPackage,
  readShared,
  withoutEnglish,
  writeElementTemplates,
  type Place,
} from '../flows/index.ts';
import { knownTopics } from '../main/known-topics.ts';

const USAGE = `用法 | usage:
  npm run flow -- check [name …]              检查事项、模块、起点的文件夹 | check flows, blocks, starters
  npm run flow -- test [name …]               运行它们的办理实例 | run their scenarios
  npm run flow -- new <id> --from <starter>   从起点新建事项 | begin a new flow
  npm run flow -- templates                   生成建模器的元素模板 | write the modeler's element templates
`;
const folder = (name: string) => fileURLToPath(new URL(`../../../${name}`, import.meta.url));
const folders = { workflows: folder('workflows'), templates: folder('templates') };
const say = (line: string) => process.stdout.write(`${line}\n`);

process.exitCode = await run();

async function run(): Promise<number> {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { from: { type: 'string' } } });
  const [command, ...names] = positionals;
  if (command === 'new' && names.length === 1 && values.from) return begin(names[0]!, values.from);
  if (command === 'templates' && names.length === 0) {
    say(`已生成 | written: ${await writeElementTemplates(folders, knownTopics())}`);
    return 0;
  }
  if (command !== 'check' && command !== 'test') {
    process.stderr.write(USAGE);
    return 2;
  }
  const known = await packagePlaces(folders);
  const unknown = names.filter((name) => !known.some((place) => place.name === name));
  if (unknown.length > 0) {
    const list = known.map((place) => place.name).join(', ');
    process.stderr.write(`没有 ${unknown.join('、')}，现有 | not there: ${unknown.join(', ')}, but ${list}\n`);
    return 2;
  }
  const places = known.filter((place) => names.length === 0 || names.includes(place.name));
  const right = await check(places);
  const wrong = places.length - right.length;
  return (command === 'test' ? await test(right) : 0) + wrong > 0 ? 1 : 0;
}

/** Answers the packages that have nothing to be mended. */
async function check(places: Place[]): Promise<Place[]> {
  const shared = await readShared(folders);
  for (const finding of shared.findings) say(describe(finding));
  if (!shared.value) return [];
  const right: Place[] = [];
  for (const place of places) {
    const read = await readPackage(folders, place, shared.value);
    const findings = read.value ? await checkPackage(read.value, shared.value, knownTopics()) : read.findings;
    for (const finding of findings) say(describe(finding));
    if (read.value && findings.length === 0) {
      right.push(place);
      noteEnglish(place, withoutEnglish(await compiled(read.value)));
    }
    say(
      `${place.name}: ${findings.length === 0 ? '没有问题 | nothing wrong' : `${findings.length} 处要改 | findings`}`,
    );
  }
  return right;
}

function noteEnglish({ name }: Place, missing: string[]): void {
  if (missing.length > 0) say(`${name}: english.json 没有这些的英文 | without English: ${missing.join('；')}`);
}

async function begin(id: string, from: string): Promise<number> {
  try {
    const place = await copyPackage(folders, id, from);
    say(`已新建 | made: workflows/${id}`);
    return (await check([place])).length === 1 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof NewFlowError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}

/** Answers how many scenarios failed. */
async function test(places: Place[]): Promise<number> {
  // Only here, so that checking needs neither database nor engine.
  const { testPackages } = await import('../main/test-packages.ts');
  return testPackages(folders, places, folder('.data/coverage'), say);
}
