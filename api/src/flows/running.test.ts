/** What a release changes, and what it leaves alone: cases that run, packages that say the same. */
import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import PizZip from 'pizzip';
import { getDocument, VerbosityLevel } from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { z } from 'zod';
import type { CaseView, FlowDrawing, FormView } from '../../../contracts/api/index.ts';
import type { FormSchema } from '../../../contracts/forms/index.ts';
import { knownTopics } from '../main/known-topics.ts';
import { openWorld, type World } from '../main/world.ts';
import { createClients, enter, type Clients } from '../scenarios/index.ts';
import { packagePlaces, PackageError, readPackage, readShared, type Folders } from './index.ts';
import { pack } from './pack.ts';

const project = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const NOTHING = { fill: [], all: {}, rows: {}, change: {}, materials: 'all' as const };

describe('releasing beside running cases', function () {
  this.timeout(180_000);
  let world: World;
  let root: string;
  let folders: Folders;
  let as: Clients;

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'running-'));
    folders = { workflows: join(root, 'workflows'), templates: join(root, 'templates') };
    for (const part of ['workflows/shared', 'workflows/blocks', 'templates'])
      await cp(project(part), join(root, part), { recursive: true });
    for (const flow of ['single-approval', 'three-level-approval'])
      await cp(project(`workflows/starters/${flow}`), join(folders.workflows, flow), { recursive: true });
    world = await openWorld({ folders });
    as = createClients(world);
  });
  after(async () => {
    await world?.close();
    await rm(root, { recursive: true });
  });

  const release = () => world.app.flows.release(folders, { by: null, topics: knownTopics() });

  async function change(file: string, from: string, to: string): Promise<void> {
    const path = join(folders.workflows, file);
    const text = await readFile(path, 'utf8');
    assert.ok(text.includes(from), `${file} does not say ${from}`);
    await writeFile(path, text.replaceAll(from, to));
  }

  async function changeTemplate(from: string, to: string): Promise<void> {
    const path = join(folders.templates, 'starters', 'grant.docx');
    const zip = new PizZip(await readFile(path));
    const text = zip.file('word/document.xml')!.asText();
    assert.ok(text.includes(from));
    zip.file('word/document.xml', text.replace(from, to));
    await writeFile(path, zip.generate({ type: 'nodebuffer' }));
  }

  async function start(): Promise<string> {
    const applicant = await as('申请人');
    const { id } = await applicant.send<{ id: string }>('POST', '/drafts', { flow: 'single-approval' });
    const at = { owner: id, form: 'application' };
    await enter(applicant, at, { ...NOTHING, set: { content: '申请办理' } }, root);
    await applicant.send('POST', `/drafts/${id}/submit`);
    await world.quiet();
    return id;
  }

  const view = async (id: string) => (await as('决定岗')).get<CaseView>(`/cases/${id}`);

  /** What a person finds in a case: the label of a field, the names of its steps. */
  async function shown(id: string): Promise<{ label: string | undefined; steps: string[] }> {
    const client = await as('决定岗');
    const { schema } = await client.get<FormView>(`/forms/${id}/application`);
    const drawing = await client.get<z.infer<typeof FlowDrawing>>(`/cases/${id}/drawing`);
    const [, matter] = (schema as FormSchema).components as { components: { key: string; label: string }[] }[];
    return {
      label: matter!.components.find((field) => field.key === 'content')?.label,
      steps: drawing.steps.map((step) => step.name).filter((name) => name.startsWith('制作')),
    };
  }

  /** Grants the case and answers what its decision says. */
  async function granted(id: string): Promise<string> {
    const client = await as('决定岗');
    const [task] = (await view(id)).tasks;
    const answer = { outcome: 'grant', opinion: '同意。', version: task!.version };
    await client.send('POST', `/tasks/${task!.id}/decision`, answer);
    await world.quiet();
    const { result, documents, incident, tasks } = await view(id);
    assert.equal(result, 'granted', JSON.stringify({ incident, tasks }));
    return textOf(await client.file(documents.find(({ kind }) => kind === 'grant-decision')!.href));
  }

  it('a case keeps the form, template and block that it began with; the next case has the new ones [PLT-3.6]', async () => {
    const old = await start();
    await change('single-approval/forms/application.form.json', '"申请内容"', '"申请的内容和理由"');
    await change('blocks/serve-document/process.bpmn', '制作{title}', '制作并校对{title}');
    await changeTemplate('经审查，符合条件', '经审查，全部符合条件');
    assert.deepEqual(
      (await release()).map(({ flow, changed }) => [flow, changed]),
      [
        ['single-approval', true],
        ['three-level-approval', true],
      ],
    );
    const young = await start();

    assert.deepEqual(await shown(old), { label: '申请内容', steps: ['制作准予决定书', '制作不予决定书'] });
    assert.deepEqual(await shown(young), {
      label: '申请的内容和理由',
      steps: ['制作并校对准予决定书', '制作并校对不予决定书'],
    });
    assert.match(await granted(old), /经审查，符合条件/);
    assert.match(await granted(young), /经审查，全部符合条件/);
  });

  it('deploys a changed package only, as one deployment with the bytes that the packer makes', async () => {
    const before = await deployments();
    await change('single-approval/flow.json', '申请、审批、送达决定', '申请、审批、送达');
    const released = await release();
    assert.deepEqual(
      released.map(({ flow, changed }) => [flow, changed]),
      [
        ['single-approval', true],
        ['three-level-approval', false],
      ],
    );
    const made = (await deployments()).filter(({ id }) => !before.some((other) => other.id === id));
    assert.deepEqual(
      made.map(({ name }) => name),
      ['single-approval'],
    );
    const { value: shared } = await readShared(folders);
    const place = (await packagePlaces(folders)).find(({ id }) => id === 'single-approval')!;
    const { value: source } = await readPackage(folders, place, shared!);
    const { files } = await pack(source!);
    const resources = await rest<{ id: string; name: string }[]>(`/deployment/${made[0]!.id}/resources`);
    assert.deepEqual(resources.map(({ name }) => name).sort(), files.map(({ name }) => name).sort());
    for (const { id, name } of resources) {
      const bytes = await resource(made[0]!.id, id);
      assert.ok(bytes.equals(files.find((file) => file.name === name)!.bytes), `${name} has other bytes`);
    }
  });

  it('never brings a broken package to the engine', async () => {
    const before = await deployments();
    await change('single-approval/process.bpmn', 'camunda:candidateGroups="cma.decide"', '');
    await assert.rejects(release(), ({ findings }: PackageError) => {
      assert.deepEqual(
        findings.map(({ file, element, code }) => ({ file, element, code })),
        [{ file: 'workflows/single-approval/process.bpmn', element: 'approval', code: 'candidates' }],
      );
      return true;
    });
    assert.deepEqual(await deployments(), before);
  });

  const engine = async (path: string): Promise<Response> => {
    const { url, token } = world.engineRest;
    const response = await fetch(url + path, { headers: { 'x-engine-token': token } });
    assert.equal(response.status, 200);
    return response;
  };
  const rest = async <T>(path: string): Promise<T> => (await (await engine(path)).json()) as T;
  const deployments = () => rest<{ id: string; name: string }[]>('/deployment?sortBy=id&sortOrder=asc');
  const resource = async (deployment: string, id: string): Promise<Buffer> =>
    Buffer.from(await (await engine(`/deployment/${deployment}/resources/${id}/data`)).arrayBuffer());
});

async function textOf(pdf: Buffer): Promise<string> {
  const task = getDocument({ data: Uint8Array.from(pdf), verbosity: VerbosityLevel.ERRORS, isEvalSupported: false });
  try {
    const { items } = await (await (await task.promise).getPage(1)).getTextContent();
    return items.map((item) => ('str' in item ? item.str : '')).join('');
  } finally {
    await task.destroy();
  }
}
