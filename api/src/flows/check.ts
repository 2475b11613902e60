/**
 * Checks a package: its files were read before (`read.ts`), here its model, and everything that refers to something.
 * What the engine would refuse or run wrongly is found first, since the rest has to read the model.
 */
import { DOMParser, type Document } from '@xmldom/xmldom';
import { z } from 'zod';
import type { CompiledFlow } from '../../../contracts/flow.ts';
import { compile } from './compile.ts';
import type { Finding } from './finding.ts';
import { calledModels } from './inline.ts';
import { allElements, createModdle, processOf, type Item } from './moddle.ts';
import { pack, type Packed } from './pack.ts';
import { InlineError } from './parameters.ts';
import type { PackageSource, Shared } from './read.ts';
import { modelRules, packageRules } from './rules/index.ts';
import { isStep, stepOf } from './steps.ts';

/** A topic as far as a model has to fit it. */
export interface KnownTopic {
  name: string;
  input: z.ZodType;
  missing?(input: unknown, flow: CompiledFlow, shared: Shared): { zh: string; en: string }[];
}

/** What a rule about the whole package looks at. */
export interface Subject {
  source: PackageSource;
  shared: Shared;
  topics: KnownTopic[];
  compiled: CompiledFlow;
  packed: Packed;
  /** The packed model, and all its flow elements. */
  definitions: Item;
  elements: Item[];
}

/** A finding without what the runner adds; `file` is one of the package, the model where absent. */
export type Reported = Omit<Finding, 'code' | 'file'> & { file?: string };

/** A rule about the text of a model: what it may hold at all. */
export interface ModelRule {
  code: string;
  check(document: Document): Reported[];
}

/** A rule about a package whose model can be read. */
export interface PackageRule {
  code: string;
  check(subject: Subject): Reported[] | Promise<Reported[]>;
}

const MODEL = 'process.bpmn';

/** Everything that has to be mended, in the order of the rules. */
export async function checkPackage(source: PackageSource, shared: Shared, topics: KnownTopic[]): Promise<Finding[]> {
  const { folder } = source;
  const own = await checkModel(source.model, folder);
  if (own.length > 0) return own;
  try {
    const findings: Finding[] = [];
    for (const { block, model } of await calledModels(createModdle(), source.model, source.blocks))
      findings.push(...(await checkModel(model, `workflows/blocks/${block}`)));
    return findings.length > 0 ? findings : await checkPacked(source, shared, topics, folder);
  } catch (error) {
    if (!(error instanceof InlineError)) throw error;
    const { element, zh, message: en } = error;
    return [complete({ element, zh, en }, 'block', folder)];
  }
}

/** What the parts of a package, with its blocks in it, say of one another. */
async function checkPacked(
  source: PackageSource,
  shared: Shared,
  topics: KnownTopic[],
  folder: string,
): Promise<Finding[]> {
  const packed = await pack(source);
  const compiled = await compile(source, packed, {});
  const { rootElement: definitions } = await createModdle().fromXML(packed.xml);
  const elements = allElements(processOf(definitions));
  const subject = { source, shared, topics, compiled, packed, definitions, elements };
  const findings: Finding[] = [];
  for (const rule of packageRules)
    for (const reported of await rule.check(subject)) findings.push(complete(reported, rule.code, folder));
  return findings;
}

function complete({ file = MODEL, ...reported }: Reported, code: string, folder: string): Finding {
  return { file: `${folder}/${file}`, code, ...reported };
}

/** White lists over the text itself, before anything interprets it; then what its elements say. */
async function checkModel(xml: string, folder: string): Promise<Finding[]> {
  let document: Document;
  try {
    document = new DOMParser({ onError: (_level, message) => fail(message) }).parseFromString(xml, 'text/xml');
  } catch (error) {
    const { message } = error as Error;
    return [complete({ zh: 'XML 语法有误', en: message.split('\n')[0]! }, 'xml', folder)];
  }
  const found = modelRules.flatMap((rule) => rule.check(document).map((each) => complete(each, rule.code, folder)));
  return found.length > 0 ? found : readable(xml, folder);
}

function fail(message: string): never {
  throw new Error(message);
}

/** Whether the model's references resolve and its steps' properties can be read. */
async function readable(xml: string, folder: string): Promise<Finding[]> {
  const { rootElement, warnings } = await createModdle().fromXML(xml);
  const findings = warnings.map(({ message }) =>
    complete({ zh: `模型有读不懂的内容：${message}`, en: message }, 'model', folder),
  );
  const processes = rootElement.rootElements?.filter((e) => e.$type === 'bpmn:Process') ?? [];
  if (processes.length !== 1) {
    const en = `One process is expected, ${processes.length} found`;
    return [...findings, complete({ zh: `模型里应有一个流程，现有 ${processes.length} 个`, en }, 'model', folder)];
  }
  const elements = allElements(processOf(rootElement));
  return [...findings, ...elements.filter(isStep).flatMap((step) => stepFindings(step, folder))];
}

function stepFindings(step: Item, folder: string): Finding[] {
  try {
    stepOf(step, []);
    return [];
  } catch (error) {
    const what =
      error instanceof z.ZodError
        ? error.issues.map((i) => `${i.path.join('/')}: ${i.message}`).join('; ')
        : (error as Error).message;
    return [complete({ element: step.id, zh: `环节的属性写得不对：${what}`, en: what }, 'step-property', folder)];
  }
}
