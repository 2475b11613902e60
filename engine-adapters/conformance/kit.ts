import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { EngineError, type ActivityNode, type EnginePort, type Variables, type WorkHandler } from '../port/index.ts';
import type { WorkReport } from '../port/index.ts';
import { model } from './models.ts';

/** A running case of a test. */
export interface Case {
  id: string;
  key: string;
  definitionId: string;
}

/** What tests do with cases, said shortly. */
export type Kit = ReturnType<typeof createKit>;

export function createKit(port: EnginePort) {
  let cases = 0;

  return { deploy, begin, run, shape, nodes, node, complete, state, work };

  /** Deploys a model; its definition's id. */
  async function deploy(key: string, elements: string[], options?: { roots?: string[] }): Promise<string> {
    const files = [{ name: `${key}.bpmn`, bytes: new TextEncoder().encode(model(key, elements, options)) }];
    const { definitions } = await port.deploy({ name: key, files });
    return definitions[0]!.id;
  }

  /** Starts a case of a definition. */
  async function begin(definitionId: string, variables: Variables = {}): Promise<Case> {
    const key = `case-${(cases += 1)}`;
    const { instanceId } = await port.start({ definitionId, businessKey: key, variables });
    return { id: instanceId, key, definitionId };
  }

  /** Deploys and starts. */
  async function run(
    key: string,
    elements: string[],
    { variables, roots }: { variables?: Variables; roots?: string[] } = {},
  ): Promise<Case> {
    return begin(await deploy(key, elements, { roots }), variables);
  }

  /** The live tree in one line, such as `(jn sp(b))`: activities sorted by id, without the root's. */
  async function shape(it: Case): Promise<string> {
    return line(await port.tree(it.id));
  }

  /** All live nodes of an activity, in the order of their ids. */
  async function nodes(it: Case, activityId: string): Promise<ActivityNode[]> {
    const all = (node: ActivityNode): ActivityNode[] => [node, ...node.children.flatMap(all)];
    return all(await port.tree(it.id))
      .filter((node) => node.activityId === activityId)
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** The only live node of an activity. */
  async function node(it: Case, activityId: string): Promise<ActivityNode> {
    const found = await nodes(it, activityId);
    assert.equal(found.length, 1, `${activityId} is live ${found.length} times`);
    return found[0]!;
  }

  /** Completes the only open task of each step, one after another. */
  async function complete(it: Case, steps: string, variables: Variables = {}): Promise<void> {
    for (const step of steps.split(' ')) await port.complete((await node(it, step)).taskIds![0]!, variables);
  }

  async function state(it: Case): Promise<string | undefined> {
    return (await port.find(it.key))?.state;
  }

  /** Handles work of one topic until none is left, and tells what the worker reported. */
  async function work(topic: string, handler: WorkHandler): Promise<{ kind: WorkReport; error: Error }[]> {
    const reports: { kind: WorkReport; error: Error }[] = [];
    const worker = port.worker({
      id: `kit-${(cases += 1)}`,
      topics: { [topic]: handler },
      report: (kind, error) => reports.push({ kind, error }),
    });
    while ((await worker.fetchNow()) > 0 || worker.busy() > 0) await worker.idle();
    await worker.stop();
    return reports;
  }
}

function line(node: ActivityNode): string {
  const inside = [
    ...node.children.map((child) => `${child.activityId}${line(child)}`),
    ...node.transitions.map((t) => `~${t.activityId}`),
  ];
  return inside.length > 0 ? `(${inside.sort().join(' ')})` : '';
}

/** Expects an `EngineError` of a kind and code. */
export async function refuses(
  doing: Promise<unknown>,
  expected: { kind: EngineError['kind']; code: string; where?: string },
): Promise<EngineError> {
  const error = await doing.then(
    () => assert.fail(`expected ${expected.kind} (${expected.code})`),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof EngineError, String(error));
  const { kind, code, where } = error;
  assert.deepEqual({ kind, code, ...('where' in expected && { where }) }, expected, error.detail);
  return error;
}

/** Waits until something holds, by asking; fails after `withinMs`. */
export async function eventually<T>(ask: () => Promise<T | undefined | false>, withinMs = 5_000): Promise<T> {
  const end = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    assert.ok(Date.now() < end, `not within ${withinMs} ms`);
    await pause(20);
  }
}
