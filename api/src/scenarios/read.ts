/** Reads a scenario; what is wrong with it is told with the line. */
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isNode, LineCounter, parseDocument, type Document } from 'yaml';
import { z } from 'zod';
import type { Place } from '../flows/index.ts';
import { Scenario as ScenarioSchema, steps, type Step } from './schema.ts';

export interface ReadScenario extends Omit<z.infer<typeof ScenarioSchema>, 'steps'> {
  file: string;
  /** The package that it is tried on. */
  place: Place;
  /** What `after` names. */
  before?: ReadScenario;
  steps: (Step & { line: number })[];
}

export class ScenarioError extends Error {
  constructor(file: string, line: number, message: string) {
    super(`${file}:${line} ${message}`);
    this.name = 'ScenarioError';
  }
}

const percent = z.number().int().min(0).max(100).default(0);
const Promised = z.strictObject({ flows: percent, outcomes: percent });

/** Paths of a package's scenarios, sorted. */
export async function scenarioFiles({ home }: Place): Promise<string[]> {
  const folder = join(home, 'scenarios');
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => name.endsWith('.scenario.yaml'))
    .sort()
    .map((name) => join(folder, name));
}

/**
 * Percent of the model's sequence flows and outcomes that the scenarios take at least, as `scenarios/coverage.json` says
 * it; nothing where the file is missing.
 */
export async function promisedCoverage({ home }: Place): Promise<z.infer<typeof Promised>> {
  const text = await readFile(join(home, 'scenarios', 'coverage.json'), 'utf8').catch(() => '{}');
  return Promised.parse(JSON.parse(text));
}

/** @throws ScenarioError */
export async function readScenario(file: string, place: Place): Promise<ReadScenario> {
  const lines = new LineCounter();
  const document = parseDocument(await readFile(file, 'utf8'), { lineCounter: lines });
  const [broken] = document.errors;
  if (broken) throw new ScenarioError(file, broken.linePos?.[0].line ?? 1, broken.message.split('\n')[0]!);
  const at = (path: PropertyKey[]) => lineOf(document, lines, path);
  const parse = <T>(schema: z.ZodType<T>, value: unknown, path: PropertyKey[]): T => {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    const issue = result.error.issues[0]!;
    const place = [...path, ...issue.path];
    throw new ScenarioError(file, at(place), `${place.map(String).join('/')}: ${issue.message}`);
  };
  const scenario = parse(ScenarioSchema, document.toJS(), []);
  const before = scenario.after && (await named(scenario.after, place));
  if (scenario.after && !before) throw new ScenarioError(file, at(['after']), `there is no ${scenario.after}`);
  return {
    ...scenario,
    file,
    place,
    ...(before && { before }),
    steps: scenario.steps.map((step, i) => ({ ...readStep(step, i, parse), line: at(['steps', i]) })),
  };
}

/** A scenario of a flow that stands beside the package. */
async function named(path: string, { home }: Place): Promise<ReadScenario | undefined> {
  const [flow = '', name = ''] = path.split('/');
  const folder = join(dirname(home), flow);
  const place: Place = { kind: 'flow', name: flow, id: flow, folder, home: folder };
  const file = join(folder, 'scenarios', `${name}.scenario.yaml`);
  return (await scenarioFiles(place)).includes(file) ? readScenario(file, place) : undefined;
}

type Parse = <T>(schema: z.ZodType<T>, value: unknown, path: PropertyKey[]) => T;

function readStep(value: unknown, i: number, parse: Parse): Step {
  const path = ['steps', i];
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  if (keys.includes('pass')) return { kind: 'pass', limit: parse(steps.pass, value, path).pass };
  if (keys.includes('expect')) return { kind: 'expect', expect: parse(steps.expect, value, path).expect };
  if (keys.includes('refused')) {
    const { code, ...act } = parse(steps.refused, value, path).refused;
    return { kind: 'refused', act, code };
  }
  return { kind: 'act', act: parse(steps.act, value, path) };
}

/** Line of the innermost node on the path that is there. */
function lineOf(document: Document, lines: LineCounter, path: PropertyKey[]): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
