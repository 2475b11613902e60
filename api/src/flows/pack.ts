/**
 * Makes the files of a deployment from a package. Deterministic to the byte: the engine tells deployments apart by
 * their bytes, and nothing that changed may stay behind (ENGINE.md 1).
 */
import { createHash } from 'node:crypto';
import { DOMParser, XMLSerializer } from '@xmldom/xmldom';
import { NEVER } from '../../../engine-adapters/port/index.ts';
import { parseExpression } from './expression.ts';
import { inlineCalls } from './inline.ts';
import {
  allElements,
  createModdle,
  isFlow,
  isSubProcess,
  isUserTask,
  processOf,
  propertiesOf,
  type Item,
  type Moddle,
} from './moddle.ts';
import type { PackageSource } from './read.ts';
import type { Parts } from './rename.ts';

const CAMUNDA = 'http://camunda.org/schema/1.0/bpmn';
/** How long the engine keeps an ended case; what the law wants kept is kept by the product. */
const HISTORY = 'P365D';

/** A package with its blocks in it. */
export interface Packed extends Parts {
  /** The model without call activities. */
  xml: string;
  tables: Record<string, string>;
  /** SHA-256 over everything that the package says, but for its English. */
  hash: string;
  /** What is deployed, sorted by name. */
  files: { name: string; bytes: Uint8Array }[];
}

/** Throws `InlineError` where a block is missing, calls itself or lacks a parameter. */
export async function pack(source: PackageSource): Promise<Packed> {
  const moddle = createModdle();
  const { rootElement: definitions } = await moddle.fromXML(source.model);
  const { used, parts } = await inlineCalls(moddle, definitions, source.blocks);
  const whole: Parts = {
    forms: { ...parts.forms, ...source.forms },
    documents: { ...parts.documents, ...source.documents },
    messages: { ...parts.messages, ...source.messages },
    templates: { ...parts.templates, ...source.templates },
  };
  const hash = hashOf(source, { ...whole.templates, ...source.samples }, [...used].sort());
  linkFlows(definitions);
  writeFlow(definitions, source, hash);
  writeTimers(moddle, definitions);
  writeLocalVariables(moddle, definitions);
  const { xml } = await moddle.toXML(definitions, { format: true });
  const tables = Object.fromEntries(Object.entries(source.tables).map(([name, dmn]) => [name, packTable(dmn)]));
  return { ...whole, xml, tables, hash, files: filesOf(source.id, { ...whole, xml, tables }) };
}

function hashOf({ blocks, ...source }: PackageSource, files: Record<string, Uint8Array>, used: string[]): string {
  const hash = createHash('sha256');
  const texts = { ...source, folder: undefined, templates: undefined, samples: undefined, english: undefined };
  hash.update(
    JSON.stringify({
      ...texts,
      blocks: used.map((id) => ({ ...blocks[id], templates: undefined, english: undefined })),
    }),
  );
  for (const [path, bytes] of Object.entries(files).sort(byName)) hash.update(path).update(bytes);
  return hash.digest('hex');
}

function writeFlow(definitions: Item, { id, flow }: PackageSource, hash: string): void {
  const process = processOf(definitions);
  process.id = id;
  process.name = flow.title.zh;
  process.set('isExecutable', true);
  process.set('camunda:candidateStarterGroups', flow.start.roles.join(','));
  process.set('camunda:historyTimeToLive', HISTORY);
  process.set('camunda:versionTag', hash.slice(0, 12));
  for (const message of definitions.rootElements?.filter((e) => e.$type === 'bpmn:Message') ?? []) {
    message.name = `${id}.${message.name ?? ''}`;
  }
}

/** Not every tool writes the flows at the elements that they join; whoever reads the model gets them. */
function linkFlows(definitions: Item): void {
  const elements = allElements(processOf(definitions));
  const flows = elements.filter(isFlow);
  for (const element of elements.filter((e) => !isFlow(e))) {
    element.incoming = flows.filter((flow) => flow.targetRef === element);
    element.outgoing = flows.filter((flow) => flow.sourceRef === element);
  }
}

/** A timer's date belongs to a clock, which sets it on every entry; the model's date never comes. */
function writeTimers(moddle: Moddle, definitions: Item): void {
  for (const definition of allElements(processOf(definitions)).flatMap((e) => e.eventDefinitions ?? [])) {
    if (definition.$type !== 'bpmn:TimerEventDefinition') continue;
    definition.set('timeDate', moddle.create('bpmn:FormalExpression', { body: NEVER }));
  }
}

/**
 * What steps inside threads write is local to the thread, or the second thread would overwrite the first (ENGINE.md 19):
 * each outcome, and of answers, work and `sets` what the thread reads.
 */
function writeLocalVariables(moddle: Moddle, definitions: Item): void {
  for (const threads of allElements(processOf(definitions)).filter((e) => isSubProcess(e) && e.loopCharacteristics)) {
    const inside = allElements(threads);
    const read = new Set(inside.flatMap(readBy));
    const written = (name: string) =>
      inside.some((e) => name.startsWith(`${e.id}_`) || writtenByName(e).includes(name));
    const outcomes = inside.filter(isUserTask).map((e) => `${e.id}_outcome`);
    declareLocal(moddle, threads, [...new Set([...outcomes, ...[...read].filter(written)])]);
  }
}

/** Variables that a condition or the list of inner threads reads. */
function readBy({ conditionExpression, loopCharacteristics }: Item): string[] {
  const compared = conditionExpression?.body ? parseExpression(conditionExpression.body).comparisons : [];
  const list = /^\$\{list\((\w+)\)\}$/.exec(loopCharacteristics?.collection ?? '');
  return [...compared.map(({ variable }) => variable), ...(list ? [list[1]!] : [])];
}

/** Variables whose names the properties of a step give. */
function writtenByName(element: Item): string[] {
  const { sets = '', output = '' } = propertiesOf(element);
  return [...sets.split(';').map((set) => set.split('=')[0]!.trim()), output];
}

function declareLocal(moddle: Moddle, threads: Item, names: string[]): void {
  const extensions = threads.extensionElements ?? moddle.create('bpmn:ExtensionElements', { values: [] });
  threads.set('extensionElements', extensions);
  const values = extensions.values as Item[];
  let io = values.find((v) => v.$type === 'camunda:InputOutput');
  if (!io) {
    io = moddle.create('camunda:InputOutput', { inputParameters: [] });
    values.push(io);
  }
  const given = new Set(io.inputParameters?.map((p) => p.name));
  const missing = names.filter((name) => !given.has(name));
  io.inputParameters = [
    ...(io.inputParameters ?? []),
    ...missing.map((name) => moddle.create('camunda:InputParameter', { name })),
  ];
}

function packTable(dmn: string): string {
  const document = new DOMParser().parseFromString(dmn, 'text/xml');
  for (const decision of Array.from(document.getElementsByTagNameNS('*', 'decision'))) {
    decision.setAttributeNS(CAMUNDA, 'camunda:historyTimeToLive', HISTORY);
  }
  return new XMLSerializer().serializeToString(document);
}

function filesOf(id: string, packed: Omit<Packed, 'hash' | 'files'>): Packed['files'] {
  const text = (name: string, content: string) => ({ name, bytes: new TextEncoder().encode(content) });
  return [
    text(`${id}.bpmn`, packed.xml),
    ...Object.entries(packed.forms).map(([name, form]) => text(`${name}.form`, JSON.stringify(form, null, 2))),
    ...Object.entries(packed.tables).map(([name, dmn]) => text(`${name}.dmn`, dmn)),
    ...Object.entries(packed.templates).map(([path, bytes]) => ({ name: `templates/${path}`, bytes })),
  ].sort((a, b) => byName([a.name], [b.name]));
}

/** Code points, not the machine's language. */
const byName = ([a]: [string, ...unknown[]], [b]: [string, ...unknown[]]): number => (a < b ? -1 : a > b ? 1 : 0);
