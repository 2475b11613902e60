/** `docs/flows.md` says what is so: its pieces stand in the example, its commands and messages are those of the product. */
import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  checkPackage,
  copyPackage,
  describe as shown,
  packagePlaces,
  readPackage,
  readShared,
  type Finding,
  type Folders,
  type Place,
} from '../api/src/flows/index.ts';
import { knownTopics } from '../api/src/main/known-topics.ts';
import { createSandbox } from '../api/src/main/sandbox.ts';
import { readScenario, runScenario, type ScenarioError } from '../api/src/scenarios/index.ts';
import { StepProperties } from '../contracts/flow.ts';

const project = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const guide = await readFile(project('docs/flows.md'), 'utf8');
/** Fenced pieces, with the words behind the fence: a language, and a file or what is shown. */
const pieces = [...guide.matchAll(/^```(\w+) ?(\S*)\n([\s\S]*?)^```$/gm)].map(([, language, of, text]) => ({
  language,
  of: of!,
  text: text!.trimEnd(),
}));
const piece = (of: string) => pieces.find((each) => each.of === of)!.text;
const plain = (text: string) => text.split('\n').map((line) => line.trim());

describe('the guide to writing a flow', function () {
  this.timeout(120_000);
  let root: string;
  let folders: Folders;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'guide-'));
    folders = { workflows: join(root, 'workflows'), templates: join(root, 'templates') };
    for (const part of ['workflows', 'templates']) await cp(project(part), join(root, part), { recursive: true });
  });
  after(() => rm(root, { recursive: true }));

  async function check(place: Place): Promise<Finding[]> {
    const shared = await readShared(folders);
    const read = await readPackage(folders, place, shared.value!);
    return read.value ? checkPackage(read.value, shared.value!, knownTopics()) : read.findings;
  }
  const example = async (): Promise<Place> =>
    (await packagePlaces(folders)).find(({ kind, name }) => kind === 'example' && name === 'site-filing')!;

  for (const { of, text } of pieces.filter((each) => each.of.includes('/')))
    it(`quotes ${of} [PLT-3.8]`, async () => {
      const lines = plain(await readFile(project(of), 'utf8'));
      const quoted = plain(text);
      const at = lines.findIndex((_, i) => quoted.every((line, j) => line === lines[i + j]));
      assert.notEqual(at, -1, `${of} does not say\n${text}`);
    });

  const namedUnder = (heading: string) => {
    const [, section = ''] = guide.split(`### ${heading}\n`);
    return [...section.split('\n#')[0]!.matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name!);
  };

  it('names every property of a step, and no topic that is not there', () => {
    assert.deepEqual(namedUnder('环节的属性').sort(), Object.keys(StepProperties.shape).sort());
    const topics = knownTopics().map(({ name }) => name);
    assert.deepEqual(
      namedUnder('自动的工作').filter((name) => !topics.includes(name)),
      [],
    );
  });

  it('begins with a starter that becomes a flow without a finding [PLT-3.8]', async () => {
    const commands = pieces.filter(({ language }) => language === 'sh').map(({ text }) => text);
    assert.deepEqual(commands, [
      'npm run flow -- new site-filing --from single-approval',
      'npm run flow -- check site-filing',
      'npm run flow -- test site-filing',
    ]);
    await rm(join(folders.workflows, 'examples', 'site-filing'), { recursive: true });
    const place = await copyPackage(folders, 'site-filing', 'single-approval');
    assert.deepEqual(await check(place), []);
    await rm(place.folder, { recursive: true });
    const at = 'workflows/examples/site-filing';
    await cp(project(at), join(root, at), { recursive: true });
  });

  it('shows what the check says of a gateway without a default', async () => {
    const place = await example();
    const file = join(place.folder, 'process.bpmn');
    const model = await readFile(file, 'utf8');
    await writeFile(file, model.replace(' default="checked-supplement"', ''));
    assert.equal((await check(place)).map(shown).join('\n'), piece('check'));
    await writeFile(file, model);
  });

  it('shows what a failing step says', async () => {
    const place = await example();
    const file = join(place.home, 'scenarios', 'filed.scenario.yaml');
    const scenario = await readFile(file, 'utf8');
    await writeFile(file, scenario.replace('open: [supplement__supply]', 'case: filed'));
    const sandbox = await createSandbox({ everything: true });
    try {
      await assert.rejects(runScenario(await readScenario(file, place), sandbox.openWorld), (error: ScenarioError) => {
        assert.equal(error.message.slice(error.message.indexOf('step ')), piece('test'));
        return true;
      });
    } finally {
      await sandbox.close();
    }
  });
});
