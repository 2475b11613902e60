/** Turns a packed package into what the product reads at run time. */
import { DOMParser } from '@xmldom/xmldom';
import type { CompiledFlow, Graph, GraphNode } from '../../../contracts/flow.ts';
import { englishOf } from './english.ts';
import { isExpression, parseCollection, parseExpression } from './expression.ts';
import {
  allElements,
  createModdle,
  isFlow,
  isUserTask,
  parametersOf,
  processOf,
  propertiesOf,
  type Item,
} from './moddle.ts';
import type { Packed } from './pack.ts';
import type { PackageSource } from './read.ts';
import { isStep, stepOf } from './steps.ts';

/** `templates` and `samples` are the hashes under which the file store has them. The package has been checked before. */
export async function compile(
  source: PackageSource,
  packed: Packed,
  templates: Record<string, string>,
  samples: Record<string, string> = {},
): Promise<CompiledFlow> {
  const { rootElement } = await createModdle().fromXML(packed.xml);
  const process = processOf(rootElement);
  const elements = allElements(process);
  const ends = elements.filter((e) => e.$type === 'bpmn:EndEvent' && propertiesOf(e).result);
  const compiled = {
    flow: source.flow,
    steps: Object.fromEntries(elements.filter(isStep).map((e) => [e.id, stepOf(e, timersOf(elements, e))])),
    forms: packed.forms,
    documents: packed.documents,
    messages: packed.messages,
    templates,
    samples,
    tables: Object.fromEntries(Object.entries(packed.tables).map(([name, dmn]) => [name, decisionOf(dmn)])),
    variables: variablesOf(elements),
    results: Object.fromEntries(ends.map((e) => [e.id, { result: propertiesOf(e).result!, zh: e.name ?? '' }])),
    graph: graphOf(elements),
    xml: packed.xml,
  };
  return { ...compiled, english: englishOf(compiled, source.english) };
}

export function timersOf(elements: Item[], step: Item): Item[] {
  return elements.filter(
    (e) => e.attachedToRef === step && e.eventDefinitions?.some((d) => d.$type === 'bpmn:TimerEventDefinition'),
  );
}

/** Outcomes of all tasks and every variable that an expression reads, sorted: null at the start of a case. */
export function variablesOf(elements: Item[]): string[] {
  const names = new Set(elements.filter(isUserTask).map((e) => `${e.id}_outcome`));
  for (const element of elements) {
    const condition = element.conditionExpression?.body;
    const texts = [condition, ...parametersOf(element).map((p) => p.value)];
    for (const text of texts.filter((t) => t !== undefined && isExpression(t))) {
      for (const { variable } of parseExpression(text!).comparisons) names.add(variable);
    }
    const collection = element.loopCharacteristics?.collection;
    if (collection) names.add(parseCollection(collection));
    if (isStep(element)) for (const { variable } of stepOf(element, []).sets ?? []) names.add(variable);
  }
  return [...names].sort();
}

export function graphOf(elements: Item[]): Graph {
  const gatewayDefaults = new Set(elements.map((e) => e.default).filter((flow) => flow !== undefined));
  return {
    nodes: elements.filter((e) => !isFlow(e)).map(nodeOf),
    flows: elements.filter(isFlow).map((flow) => ({
      id: flow.id,
      from: flow.sourceRef!.id,
      to: flow.targetRef!.id,
      ...(flow.name && { name: flow.name }),
      ...(flow.conditionExpression?.body && {
        condition: flow.conditionExpression.body.replace(/^\s*\$\{\s*|\s*\}\s*$/g, ''),
      }),
      ...(gatewayDefaults.has(flow) && { default: true }),
    })),
  };
}

function nodeOf(element: Item): GraphNode {
  const type = element.$type.replace('bpmn:', '');
  return {
    id: element.id,
    type: type[0]!.toLowerCase() + type.slice(1),
    name: element.name ?? '',
    parent: element.$parent!.id,
    ...(element.loopCharacteristics?.collection && { thread: threadOf(element.loopCharacteristics) }),
    ...(element.attachedToRef && { attachedTo: element.attachedToRef.id }),
    ...(element.attachedToRef && element.cancelActivity === false && { beside: true }),
    ...(element.$type === 'bpmn:EndEvent' && endOf(element)),
  };
}

function threadOf({ collection, elementVariable }: Item): { list: string; element: string } {
  return { list: parseCollection(collection!), element: elementVariable ?? '' };
}

function endOf(element: Item): Pick<GraphNode, 'end'> {
  const kinds = (element.eventDefinitions ?? []).map((d) => d.$type);
  if (kinds.includes('bpmn:TerminateEventDefinition')) return { end: 'terminate' };
  return kinds.includes('bpmn:ErrorEventDefinition') ? { end: 'error' } : {};
}

/** Key of the decision in a table's file. */
export function decisionOf(dmn: string): string {
  const [decision] = Array.from(
    new DOMParser().parseFromString(dmn, 'text/xml').getElementsByTagNameNS('*', 'decision'),
  );
  return decision?.getAttribute('id') ?? '';
}
