/**
 * Call activities become embedded sub-processes, so that a case is one process instance (ENGINE.md 18, 24).
 *
 * A call names a block (`calledElement`) and gives its parameters (`camunda:in source="text" target="parameter"`, put
 * into the block's model wherever it says `{parameter}`). Elements of the block get the prefix `<call>__`; with them
 * outcome variables, and steps, forms, documents and messages that the block calls its own. `camunda:out
 * source="check_outcome" target="repair_outcome"` makes an outcome of the block a variable of the flow; an error end in
 * the block leaves by the boundary event of its code at the call. The diagram of the block becomes the plane that opens
 * at the sub-process.
 */
import { allElements, isSubProcess, processOf, type Item, type Moddle } from './moddle.ts';
import { InlineError, modelFor } from './parameters.ts';
import type { BlockSource } from './read.ts';
import { elementName, namesOf, renameElements, renameParts, type Parts } from './rename.ts';

const SUB_PROCESS = 'bpmn:SubProcess';

export interface Inlined {
  /** Blocks that were used. */
  used: Set<string>;
  /** What these bring, under its names in the flow. */
  parts: Parts;
}

/** A call activity, the model of its block with the parameters of the call, and the blocks around it. */
interface Called {
  call: Item;
  key: string;
  source: BlockSource;
  model: string;
  path: string[];
}

/** Replaces every call activity in the definitions. Throws `InlineError`. */
export async function inlineCalls(
  moddle: Moddle,
  definitions: Item,
  blocks: Record<string, BlockSource>,
): Promise<Inlined> {
  const used = new Set<string>();
  return { used, parts: await inlineIn(processOf(definitions), definitions, []) };

  async function inlineIn(container: Item, root: Item, path: string[]): Promise<Parts> {
    let parts = noParts();
    for (const element of [...(container.flowElements ?? [])]) {
      if (isSubProcess(element)) parts = merged(parts, await inlineIn(element, root, path));
      const called = calledBy(element, blocks, path);
      if (!called) continue;
      const { call, key, source, model } = called;
      used.add(key);
      const { rootElement: block } = await moddle.fromXML(model);
      const inner = processOf(block);
      const own = merged(source, await inlineIn(inner, block, called.path));
      const names = namesOf(inner, call.id, own);
      renameElements(inner, call.id, names);
      replace(moddle, { container, root, call }, block, inner, names.variables);
      parts = merged(parts, renameParts(own, names));
    }
    return parts;
  }
}

/** The models of all blocks that a model calls, each as its call means it, in one another too. Throws `InlineError`. */
export async function calledModels(
  moddle: Moddle,
  model: string,
  blocks: Record<string, BlockSource>,
  path: string[] = [],
): Promise<{ block: string; model: string }[]> {
  const { rootElement } = await moddle.fromXML(model);
  const found: { block: string; model: string }[] = [];
  for (const element of allElements(processOf(rootElement))) {
    const called = calledBy(element, blocks, path);
    if (!called) continue;
    found.push({ block: called.key, model: called.model });
    found.push(...(await calledModels(moddle, called.model, blocks, called.path)));
  }
  return found;
}

function calledBy(call: Item, blocks: Record<string, BlockSource>, path: string[]): Called | undefined {
  if (call.$type !== 'bpmn:CallActivity') return undefined;
  const key = call.calledElement ?? '';
  if (path.includes(key)) {
    const loop = [...path, key].join(' > ');
    throw new InlineError(call.id, `模块调用了自己：${loop}`, `The block calls itself: ${loop}`);
  }
  const source = blocks[key];
  if (!source) throw new InlineError(call.id, `没有模块 ${key}`, `There is no block ${key}`);
  return { call, key, source, model: modelFor(call, source), path: [...path, key] };
}

const noParts = (): Parts => ({ forms: {}, documents: {}, messages: {}, templates: {} });

const merged = (a: Parts, b: Parts): Parts => ({
  forms: { ...a.forms, ...b.forms },
  documents: { ...a.documents, ...b.documents },
  messages: { ...a.messages, ...b.messages },
  templates: { ...a.templates, ...b.templates },
});

interface Place {
  container: Item;
  root: Item;
  call: Item;
}

function replace(
  moddle: Moddle,
  { container, root, call }: Place,
  block: Item,
  inner: Item,
  variables: Map<string, string>,
): void {
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
  const extensions = extensionsOf(moddle, call, variables);
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
    element.id = elementName(sub.id, element.id);
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
    diagram.id = own ? `${sub.id}_diagram` : elementName(sub.id, diagram.id);
    plane.id = own ? `${sub.id}_plane` : elementName(sub.id, plane.id);
    for (const shape of plane.planeElement ?? []) shape.id = elementName(sub.id, shape.id);
    diagram.$parent = root;
    diagrams.push(diagram);
  }
}

/** `camunda:out` of the call becomes an output parameter of the sub-process; the rest stays. */
function extensionsOf(moddle: Moddle, call: Item, variables: Map<string, string>): Item | undefined {
  const values = call.extensionElements?.values ?? [];
  const outputs = values
    .filter((v) => v.$type === 'camunda:Out')
    .map(({ source, target }) => {
      if (!source || !target)
        throw new InlineError(
          call.id,
          'camunda:out 要写明 source（模块的变量）和 target（流程的变量）',
          'A camunda:out says source (variable of the block) and target (variable of the flow)',
        );
      const value = `\${${variables.get(source) ?? source}}`;
      return moddle.create('camunda:OutputParameter', { name: target, value });
    });
  const rest = values.filter((v) => v.$type !== 'camunda:In' && v.$type !== 'camunda:Out');
  if (outputs.length > 0) rest.push(moddle.create('camunda:InputOutput', { outputParameters: outputs }));
  if (rest.length === 0) return undefined;
  const extensions = moddle.create('bpmn:ExtensionElements', { values: rest });
  for (const value of rest) value.$parent = extensions;
  return extensions;
}
