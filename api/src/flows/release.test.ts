import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCamunda7 } from '../../../engine-adapters/camunda7/index.ts';
import { openBench, type BenchEngine } from '../../../engine-adapters/launcher/bench-client.ts';
import { EngineError, type EnginePort } from '../../../engine-adapters/port/index.ts';
import { Problem } from '../core/index.ts';
import { openTestCore, type TestCore } from '../core/testing.ts';
import { createFlows, PackageError, type Flows, type Folders } from './index.ts';
import { docx, lines, modelOf, samplePackage, shared, topics } from './testing.ts';

describe('releasing', function () {
  this.timeout(60_000);
  let core: TestCore;
  let engine: BenchEngine;
  let port: EnginePort;
  let flows: Flows;
  let folders: Folders;
  let root: string;
  const release = () => flows.release(folders, { by: null, topics });

  before(async () => {
    core = await openTestCore();
    engine = await (await openBench()).openEngine(core.database);
    port = createCamunda7({ url: engine.url, token: engine.token });
    flows = createFlows({ ...core, engine: port });
    root = await mkdtemp(join(tmpdir(), 'flows-'));
    folders = { workflows: join(root, 'workflows'), templates: join(root, 'templates') };
    await writePackage();
  });
  after(async () => {
    await port.close();
    await engine.close();
    await core.close();
    await rm(root, { recursive: true });
  });

  async function writePackage(): Promise<void> {
    const { flow, model, forms, tables, documents, templates } = samplePackage();
    const folder = join(folders.workflows, 'sample');
    for (const part of [
      join(folders.workflows, 'shared'),
      join(folder, 'forms'),
      join(folder, 'tables'),
      join(folders.templates, 'sample'),
    ])
      await mkdir(part, { recursive: true });
    const write = (path: string, content: unknown) =>
      writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
    await write(join(folders.workflows, 'shared', 'roles.json'), shared.roles);
    await write(
      join(folders.templates, 'numbers.json'),
      shared.numberRules.map((id) => ({ id })),
    );
    await write(join(folder, 'flow.json'), flow);
    await write(join(folder, 'process.bpmn'), model);
    await write(join(folder, 'documents.json'), documents);
    for (const [id, form] of Object.entries(forms)) await write(join(folder, 'forms', `${id}.form.json`), form);
    for (const [name, dmn] of Object.entries(tables)) await write(join(folder, 'tables', `${name}.dmn`), dmn);
    for (const [path, bytes] of Object.entries(templates)) await writeFile(join(folders.templates, path), bytes);
  }

  it('deploys a package once, also when two release at the same time', async () => {
    const both = await Promise.all([release(), release()]);
    assert.deepEqual(
      both
        .flat()
        .map((r) => [r.version, r.changed])
        .sort(),
      [
        [1, false],
        [1, true],
      ],
    );
    assert.deepEqual(await release(), [{ flow: 'sample', version: 1, changed: false }]);
    const made = await flows.current('sample');
    assert.equal(made.package.flow.title.zh, '示例');
    assert.match(made.definitionId, /^sample:1:/);
  });

  it('gives templates as they were, whatever the folder says later', async () => {
    const before = await flows.current('sample');
    const another = docx('another');
    await writeFile(join(folders.templates, 'sample', 'notice.docx'), another);
    assert.deepEqual(await release(), [{ flow: 'sample', version: 2, changed: true }]);
    const now = await flows.current('sample');
    assert.deepEqual(await flows.template(before, 'sample/notice.docx'), Buffer.from(docx('{form.name}')));
    assert.deepEqual(await flows.template(now, 'sample/notice.docx'), Buffer.from(another));
    assert.notEqual(now.deploymentId, before.deploymentId);
    assert.deepEqual(await flows.get(before.id), before);
    assert.deepEqual(
      (await flows.all()).map((r) => r.version),
      [2],
    );
  });

  it('releases nothing where something has to be mended', async () => {
    const path = join(folders.workflows, 'sample', 'process.bpmn');
    await writeFile(path, modelOf('sample', { ...lines, make: '<bpmn:scriptTask id="make" name="make" />' }));
    await assert.rejects(release(), (error: PackageError) => error.findings[0]!.element === 'make');
    assert.equal((await flows.current('sample')).version, 2);
    await writePackage();
  });

  it('names the line of a broken file and the place of a wrong value', async () => {
    const path = join(folders.workflows, 'sample', 'flow.json');
    await writeFile(path, '{\n  "id": "sample",\n  oops\n}');
    await assert.rejects(release(), (error: PackageError) => error.findings[0]!.line === 3);
    await writeFile(path, JSON.stringify({ ...samplePackage().flow, fee: 12 }));
    await assert.rejects(release(), (error: PackageError) => error.findings[0]!.element === 'fee');
    await writePackage();
  });

  it('releases English alone, over what the engine has already', async () => {
    await release();
    const before = await flows.current('sample');
    const path = join(folders.workflows, 'sample', 'english.json');
    await writeFile(path, JSON.stringify({ 结果: 'Result' }));
    assert.deepEqual(await release(), [{ flow: 'sample', version: before.version + 1, changed: true }]);
    const after = await flows.current('sample');
    assert.equal(after.package.english?.['结果'], 'Result');
    assert.equal(after.definitionId, before.definitionId);
    await rm(path);
  });

  it('knows no release that was never made', async () => {
    await assert.rejects(flows.current('nothing'), (error: Problem) => error.code === 'not-found');
  });

  it('is refused by the engine too, where a hostile model is sent there directly', async () => {
    const hostile = modelOf('sample', { ...lines, make: '<bpmn:scriptTask id="make" name="make" />' });
    const files = [{ name: 'sample.bpmn', bytes: new TextEncoder().encode(hostile) }];
    await assert.rejects(
      port.deploy({ name: 'hostile', files }),
      (error: EngineError) => error.kind === 'invalid' && error.where === 'make',
    );
  });
});
