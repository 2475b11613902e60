/** For tests only: a world with one flow that is written in the test, and people who hold roles of it. */
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CaseView, DecideAnswer, TaskView } from '../../../contracts/api/index.ts';
import { packagePlaces } from '../flows/index.ts';
import { knownTopics } from '../main/known-topics.ts';
import { openWorld, type World, type WorldOptions } from '../main/world.ts';
import { createClients, type Client, type Clients } from '../scenarios/client.ts';

const project = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

export interface TestFlow {
  flow: Record<string, unknown>;
  /** Elements of the process, as text; shapes are drawn for them. */
  model: string;
  /** Elements beside the process, such as errors. */
  roots?: string;
  forms: Record<string, object[]>;
  documents?: object;
}

export interface FlowWorld extends World {
  as: Clients;
  /** Somebody who may sign in by the name. */
  person(name: string, office: string, roles: string[]): Promise<string>;
  office(code: string, name: string): Promise<void>;
  /** Another version of the flow, released; cases that run stay on theirs. */
  release(given: TestFlow): Promise<void>;
  /** A case that a person starts about the demonstration's institution; answers its id. */
  start(by: string, data: Record<string, unknown>): Promise<string>;
  view(by: string, caseId: string): Promise<CaseView>;
  task(by: string, caseId: string, step: string): Promise<TaskView>;
  /** Decides and waits until the product has come to rest. */
  decide(by: string, caseId: string, step: string, decision: object): Promise<DecideAnswer>;
}

/** The flow is released in the world, not on the ground that the world copies: that one is the same for all of these. */
export async function openFlowWorld(id: string, given: TestFlow, options: WorldOptions = {}): Promise<FlowWorld> {
  const root = await mkdtemp(join(tmpdir(), 'steps-'));
  const workflows = join(root, 'workflows');
  const folders = { workflows, templates: project('templates') };
  await cp(project('workflows/shared'), join(workflows, 'shared'), { recursive: true });
  const world = await openWorld({ ...options, folders });
  const release = async (next: TestFlow): Promise<void> => {
    await writePackage(join(workflows, id), id, next);
    const places = (await packagePlaces(folders)).filter((place) => place.id === id);
    await world.app.flows.release(folders, { by: null, topics: knownTopics(), places });
  };
  await release(given);
  const as = createClients(world);
  const view = async (by: string, caseId: string) => (await as(by)).get<CaseView>(`/cases/${caseId}`);
  const task: FlowWorld['task'] = async (by, caseId, step) => {
    const { tasks, incident } = await view(by, caseId);
    const at = tasks.filter((one) => one.step === step);
    const found = at.find((one) => one.mine) ?? at[0];
    if (!found) throw new Error(`${step} is not open: ${tasks.map((one) => one.step).join() || incident?.code}`);
    return found;
  };

  return {
    ...world,
    as,
    view,
    task,
    release,
    async person(name, office, roles) {
      const { organisation } = world.app;
      const account = { login: `p${Object.keys(world.people).length}`, password: 'Guizhou-2026-test' };
      const by = { personId: null };
      world.people[name] = account;
      return world.core.db.transaction(async (trx) => {
        const personId = await organisation.createPerson(trx, { name, kind: 'staff', office, account }, by);
        for (const role of roles)
          await organisation.grant(trx, { personId, role, office, reach: 'own', mayTake: false }, by);
        return personId;
      });
    },
    office: (code, name) =>
      world.core.db.transaction((trx) =>
        world.app.organisation.createOffice(trx, { code, name, shortName: name, profile: {} }, { personId: null }),
      ),
    async start(by, data) {
      const client: Client = await as(by);
      const subject = await world.core.db('institution').first('id');
      const draft = await client.send<{ id: string }>('POST', '/drafts', { flow: id, subject: subject.id });
      const form = String(given.flow.form);
      const { edits } = await client.get<{ edits: number }>(`/forms/${draft.id}/${form}`);
      await client.send('PATCH', `/forms/${draft.id}/${form}`, { edits, set: data });
      await client.send('POST', `/drafts/${draft.id}/submit`);
      await world.quiet();
      return draft.id;
    },
    async decide(by, caseId, step, decision) {
      const { id: open, version } = await task(by, caseId, step);
      const client = await as(by);
      const answer = await client.send<DecideAnswer>('POST', `/tasks/${open}/decision`, { version, ...decision });
      await world.quiet();
      return answer;
    },
    async close() {
      await world.close();
      await rm(root, { recursive: true });
    },
  };
}

export async function writePackage(
  folder: string,
  id: string,
  { flow, model, roots = '', forms, documents = {} }: TestFlow,
): Promise<void> {
  await mkdir(join(folder, 'forms'), { recursive: true });
  const write = (file: string, content: string) => writeFile(join(folder, file), content);
  await write('flow.json', JSON.stringify({ ...BASE, id, ...flow }));
  await write('process.bpmn', drawn(id, model, roots));
  await write('documents.json', JSON.stringify(documents));
  for (const [form, components] of Object.entries(forms))
    await write(`forms/${form}.form.json`, JSON.stringify({ type: 'default', id: form, title: form, components }));
}

const BASE = {
  code: 'T-1',
  title: { zh: '试验事项', en: 'Test item' },
  summary: { zh: '试验', en: 'Test' },
  case: { numberRule: 'case.cma', title: '{applicant} 试验', office: 'starter' },
  subject: { register: 'institution' },
  legalBasis: ['《行政许可法》'],
  conditions: [],
  fee: '0',
  clocks: [],
  materials: [],
};

/** A user step. */
export function user(id: string, groups: string, outcomes: object[], properties: Record<string, string> = {}): string {
  const candidates = groups ? ` camunda:candidateGroups="${groups}"` : '';
  const written = Object.entries({ outcomes: JSON.stringify(outcomes), ...properties }).map(
    ([name, value]) => `<camunda:property name="${name}" value="${value.replaceAll('"', '&quot;')}" />`,
  );
  const extensions = `<bpmn:extensionElements><camunda:properties>${written.join('')}</camunda:properties></bpmn:extensionElements>`;
  return `<bpmn:userTask id="${id}" name="${id}"${candidates}>${extensions}</bpmn:userTask>`;
}

export const outcome = (id: string, more: object = {}) => ({ id, zh: id, en: id, ...more });
export const start = '<bpmn:startEvent id="start" name="start" />';

export function end(id: string): string {
  const result = `<bpmn:extensionElements><camunda:properties><camunda:property name="result" value="${id}" /></camunda:properties></bpmn:extensionElements>`;
  return `<bpmn:endEvent id="${id}" name="${id}">${result}</bpmn:endEvent>`;
}

/** Flows along a path of ids. */
export function path(steps: string): string {
  const ids = steps.split(' ');
  return ids
    .slice(1)
    .map((to, i) => `<bpmn:sequenceFlow id="${ids[i]}-${to}" sourceRef="${ids[i]}" targetRef="${to}" />`)
    .join('');
}

function drawn(id: string, model: string, roots: string): string {
  const shapes = [...model.matchAll(/<bpmn:(?!sequenceFlow)\w+ id="(\w+)"/g)].map(
    ([, of], i) =>
      `<bpmndi:BPMNShape id="${of}-shape" bpmnElement="${of}"><dc:Bounds x="${i * 200}" y="0" width="100" height="80" /></bpmndi:BPMNShape>`,
  );
  const edges = [...model.matchAll(/<bpmn:sequenceFlow id="([\w-]+)"/g)].map(
    ([, of]) =>
      `<bpmndi:BPMNEdge id="${of}-edge" bpmnElement="${of}"><di:waypoint x="0" y="0" /><di:waypoint x="9" y="9" /></bpmndi:BPMNEdge>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
  xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
  id="${id}-definitions" targetNamespace="https://zhunyu.example/flows">
${roots}<bpmn:process id="${id}" name="${id}" isExecutable="true">${model}</bpmn:process>
<bpmndi:BPMNDiagram id="${id}-diagram"><bpmndi:BPMNPlane id="${id}-plane" bpmnElement="${id}">${shapes.join('')}${edges.join('')}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn:definitions>`;
}
