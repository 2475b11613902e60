/**
 * Call activities become embedded sub-processes, so that a case is one process instance (ENGINE.md 18, 24). Ids of a
 * block get the prefix `<call>__`; outcome variables, forms of the block, steps named in properties, errors and messages are
 * renamed with them. The diagram of the block becomes the plane that opens at the sub-process.
 */
import { allElements, isFlow, isSubProcess, parametersOf, processOf, type Item, type Moddle } from './moddle.ts';
import { renameVariables } from './expression.ts';
import type { BlockSource } from './read.ts';

const SEPARATOR = '__';
const SUB_PROCESS = 'bpmn:SubProcess';

/** Why a call could not be inlined; `element` is the call activity. */
export class InlineError extends Error {
  readonly element: string;
  readonly zh: string;

  constructor(element: string, zh: string, en: string) {
    super(en);
    this.element = element;
    this.zh = zh;
  }
}

/** Name that a block's own form has in the flow's package. */
export const blockForm = (block: string, form: string): string => `${block}-${form}`;

/** Replaces every call activity in the definitions; returns the blocks that were used. Throws `InlineError`. */
export async function inlineCalls(
  moddle: Moddle,
  definitions: Item,
  blocks: Record<string, BlockSource>,
): Promise<Set<string>> {
  const used = new Set<string>();
  await inlineIn(processOf(definitions), definitions, []);
  return used;

  async function inlineIn(container: Item, root: Item, path: string[]): Promise<void> {
    for (const call of [...(container.flowElements ?? [])]) {
      if (isSubProcess(call)) await inlineIn(call, root, path);
      if (call.$type !== 'bpmn:CallActivity') continue;
      const key = call.calledElement ?? '';
      if (path.includes(key)) {
        const loop = [...path, key].join(' > ');
        throw new InlineError(call.id, `模块调用了自己：${loop}`, `The block calls itself: ${loop}`);
      }
      const source = blocks[key];
      if (!source) throw new InlineError(call.id, `没有模块 ${key}`, `There is no block ${key}`);
      used.add(key);
      const { rootElement: block } = await moddle.fromXML(source.model);
      await inlineIn(processOf(block), block, [...path, key]);
      const inner = processOf(block);
      rename(inner, call.id, key, source);
      replace(moddle, { container, root, call }, block, inner);
    }
  }
}

function rename(inner: Item, call: string, key: string, source: BlockSource): void {
  const ids = allElements(inner)
    .filter((e) => !isFlow(e))
    .map((e) => e.id);
  const variables = new Map(ids.map((id) => [`${id}_outcome`, `${call}${SEPARATOR}${id}_outcome`]));
  const steps = new Set(ids);
  for (const element of allElements(inner)) {
    if (element.conditionExpression?.body) {
      element.conditionExpression.body = renameVariables(element.conditionExpression.body, variables);
    }
    for (const parameter of parametersOf(element)) {
      if (parameter.value) parameter.value = renameVariables(parameter.value, variables);
      if (parameter.name) parameter.name = variables.get(parameter.name) ?? parameter.name;
    }
    if (element.formRef && element.formRef in source.forms) element.formRef = blockForm(key, element.formRef);
    for (const property of properties(element)) {
      const value = property.value ?? '';
      if (property.name === 'not-same-as') {
        const names = value.split(',').map((name) => name.trim());
        property.value = names.map((name) => (steps.has(name) ? `${call}${SEPARATOR}${name}` : name)).join(',');
      }
      const [form = '', places] = value.split(':');
      if (property.name === 'edits' && form in source.forms) {
        property.value = [blockForm(key, form), places].filter(Boolean).join(':');
      }
    }
  }
  for (const element of [...allElements(inner), ...(inner.artifacts ?? [])]) {
    element.id = `${call}${SEPARATOR}${element.id}`;
    if (element.loopCharacteristics?.id) {
      element.loopCharacteristics.id = `${call}${SEPARATOR}${element.loopCharacteristics.id}`;
    }
    for (const definition of element.eventDefinitions ?? []) {
      if (definition.id) definition.id = `${call}${SEPARATOR}${definition.id}`;
    }
  }
}

function properties(element: Item): Item[] {
  const values = element.extensionElements?.values ?? [];
  return values.filter((v) => v.$type === 'camunda:Properties').flatMap((v) => v.values ?? []);
}

interface Place {
  container: Item;
  root: Item;
  call: Item;
}

function replace(moddle: Moddle, { container, root, call }: Place, block: Item, inner: Item): void {
  const sub = moddle.create(SUB_PROCESS, {
    id: call.id,
    name: call.name,
    flowElements: inner.flowElements,
    artifacts: inner.artifacts,
  });
  const kept = ['documentation', 'incoming', 'outgoing', 'loopCharacteristics', 'asyncBefore', 'asyncAfter', 'default'];
  for (const name of kept) {
    const value = call.get(name);
    if (value !== undefined && value !== false) sub.set(name, value);
  }
  const extensions = extensionsOf(moddle, call);
  if (extensions) {
    sub.set('extensionElements', extensions);
    extensions.$parent = sub;
  }
  sub.$parent = container;
  for (const element of sub.flowElements ?? []) element.$parent = sub;
  const siblings = container.flowElements ?? [];
  siblings.splice(siblings.indexOf(call), 1, sub);
  for (const element of [...siblings, ...(container.artifacts ?? [])]) {
    if (element.sourceRef === call) element.sourceRef = sub;
    if (element.targetRef === call) element.targetRef = sub;
    if (element.attachedToRef === call) element.attachedToRef = sub;
  }
  takeRootElements(root, block, inner, sub);
  takeDiagrams(root, block, inner, sub, call);
}

/** Errors are one per code in the whole model; a message is one per use, named after the call. */
function takeRootElements(root: Item, block: Item, inner: Item, sub: Item): void {
  const elements = (root.rootElements ??= []);
  for (const element of (block.rootElements ?? []).filter((e) => e !== inner)) {
    const same =
      element.$type === 'bpmn:Error' &&
      elements.find((e) => e.$type === 'bpmn:Error' && e.errorCode === element.errorCode);
    if (same) {
      for (const definition of allElements(sub).flatMap((e) => e.eventDefinitions ?? [])) {
        if (definition.errorRef === element) definition.errorRef = same;
      }
      continue;
    }
    element.id = `${sub.id}${SEPARATOR}${element.id}`;
    if (element.$type === 'bpmn:Message') element.name = `${sub.id}.${element.name ?? ''}`;
    element.$parent = root;
    elements.push(element);
  }
}

function takeDiagrams(root: Item, block: Item, inner: Item, sub: Item, call: Item): void {
  const diagrams = (root.diagrams ??= []);
  for (const shape of diagrams.flatMap((d) => d.plane?.planeElement ?? [])) {
    if (shape.bpmnElement !== call) continue;
    shape.bpmnElement = sub;
    shape.isExpanded = false;
  }
  for (const diagram of block.diagrams ?? []) {
    const plane = diagram.plane;
    if (!plane) continue;
    const own = plane.bpmnElement === inner;
    if (own) plane.bpmnElement = sub;
    diagram.id = own ? `${sub.id}_diagram` : `${sub.id}${SEPARATOR}${diagram.id}`;
    plane.id = own ? `${sub.id}_plane` : `${sub.id}${SEPARATOR}${plane.id}`;
    for (const shape of plane.planeElement ?? []) shape.id = `${sub.id}${SEPARATOR}${shape.id}`;
    diagram.$parent = root;
    diagrams.push(diagram);
  }
}

/** `camunda:in` and `camunda:out` of the call become parameters of the sub-process. */
function extensionsOf(moddle: Moddle, call: Item): Item | undefined {
  const values = call.extensionElements?.values ?? [];
  const inputParameters: Item[] = [];
  const outputParameters: Item[] = [];
  const parameter = (type: string, v: Item) =>
    moddle.create(type, { name: v.target, value: v.source ? `\${${v.source}}` : v.sourceExpression });
  for (const v of values) {
    if (v.$type === 'camunda:InputOutput') {
      inputParameters.push(...(v.inputParameters ?? []));
      outputParameters.push(...(v.outputParameters ?? []));
    }
    if (v.$type === 'camunda:In' && v.target) inputParameters.push(parameter('camunda:InputParameter', v));
    if (v.$type === 'camunda:Out' && v.target) outputParameters.push(parameter('camunda:OutputParameter', v));
  }
  const rest = values.filter((v) => !['camunda:In', 'camunda:Out', 'camunda:InputOutput'].includes(v.$type));
  if (inputParameters.length + outputParameters.length > 0) {
    rest.push(moddle.create('camunda:InputOutput', { inputParameters, outputParameters }));
  }
  if (rest.length === 0) return undefined;
  const extensions = moddle.create('bpmn:ExtensionElements', { values: rest });
  for (const value of rest) value.$parent = extensions;
  return extensions;
}
