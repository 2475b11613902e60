/** BPMN as bpmn-moddle reads and writes it, with the `camunda` namespace. */
import { createRequire } from 'node:module';
import { BpmnModdle } from 'bpmn-moddle';

const camunda: unknown = createRequire(import.meta.url)('camunda-bpmn-moddle/resources/camunda.json');

/** An element of a model. Which members are there depends on `$type`. */
export interface Item {
  $type: string;
  $parent?: Item;
  id: string;
  name?: string;
  rootElements?: Item[];
  diagrams?: Item[];
  flowElements?: Item[];
  artifacts?: Item[];
  incoming?: Item[];
  outgoing?: Item[];
  sourceRef?: Item;
  targetRef?: Item;
  attachedToRef?: Item;
  cancelActivity?: boolean;
  default?: Item;
  conditionExpression?: Item;
  eventDefinitions?: Item[];
  loopCharacteristics?: Item;
  extensionElements?: { values: Item[] };
  errorRef?: Item;
  messageRef?: Item;
  errorCode?: string;
  calledElement?: string;
  body?: string;
  // camunda
  topic?: string;
  candidateGroups?: string;
  formRef?: string;
  collection?: string;
  elementVariable?: string;
  values?: Item[];
  value?: string;
  source?: string;
  target?: string;
  sourceExpression?: string;
  inputParameters?: Item[];
  outputParameters?: Item[];
  // diagram
  plane?: Item;
  planeElement?: Item[];
  bpmnElement?: Item;
  isExpanded?: boolean;
  set(name: string, value: unknown): void;
  get(name: string): unknown;
}

export interface Moddle {
  create(type: string, properties?: Record<string, unknown>): Item;
  fromXML(xml: string): Promise<{ rootElement: Item; warnings: { message: string }[] }>;
  toXML(root: Item, options: { format: boolean }): Promise<{ xml: string }>;
}

export function createModdle(): Moddle {
  return new BpmnModdle({ camunda }) as unknown as Moddle;
}

/** The only process of a model. Throws where there is none or more than one. */
export function processOf(definitions: Item): Item {
  const found = (definitions.rootElements ?? []).filter((e) => e.$type === 'bpmn:Process');
  if (found.length !== 1) throw new Error(`one process is expected, ${found.length} found`);
  return found[0]!;
}

/** All flow elements of a container and of the sub-processes in it, outer ones first. */
export function allElements(container: Item): Item[] {
  return (container.flowElements ?? []).flatMap((e) => [e, ...allElements(e)]);
}

export const isSubProcess = (e: Item): boolean => e.$type === 'bpmn:SubProcess';
export const isUserTask = (e: Item): boolean => e.$type === 'bpmn:UserTask';
export const isFlow = (e: Item): boolean => e.$type === 'bpmn:SequenceFlow';

/** The texts of an element's `camunda:properties`. */
export function propertiesOf(element: Item): Record<string, string> {
  const lists = (element.extensionElements?.values ?? []).filter((v) => v.$type === 'camunda:Properties');
  return Object.fromEntries(lists.flatMap((l) => l.values ?? []).map((p) => [p.name ?? '', p.value ?? '']));
}

/** Input and output parameters of an element. */
export function parametersOf(element: Item): Item[] {
  return (element.extensionElements?.values ?? [])
    .filter((v) => v.$type === 'camunda:InputOutput')
    .flatMap((v) => [...(v.inputParameters ?? []), ...(v.outputParameters ?? [])]);
}
