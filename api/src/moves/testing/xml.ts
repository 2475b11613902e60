/** For tests: the XML of a graph for the engine, and graphs written as paths. */
import type { Graph, GraphFlow, GraphNode } from '../../../../contracts/flow.ts';
import {
  caught,
  end,
  error,
  flow,
  gateway,
  model,
  start,
  sub,
  timer,
  user,
  work,
} from '../../../../engine-adapters/conformance/models.ts';
import { rootOf } from '../markings.ts';

const FAILED = 'failed';

/** The XML of a graph, for the engine. */
export function xmlOf(graph: Graph, key: string, topic = 'generated'): string {
  const fails = graph.nodes.some((n) => n.end === 'error');
  return model(key, elements(rootOf(graph)), fails ? { roots: [error(FAILED, FAILED)] } : {});

  function elements(parent: string): string[] {
    const nodes = graph.nodes.filter((n) => n.parent === parent);
    const ids = new Set(nodes.map((n) => n.id));
    return [
      ...nodes.map(element),
      ...graph.flows.filter((f) => ids.has(f.from)).map((f) => flow(f.from, f.to, f.condition)),
    ];
  }

  function element(n: GraphNode): string {
    switch (n.type) {
      case 'startEvent':
        return start(n.id);
      case 'endEvent':
        return end(n.id, n.end === 'error' ? { error: FAILED } : n.end);
      case 'userTask':
        return user(n.id);
      case 'serviceTask':
        return work(n.id, topic);
      case 'boundaryEvent':
        return catchesError(n)
          ? caught(n.id, n.attachedTo!, FAILED)
          : timer(n.id, n.attachedTo!, { interrupting: !n.beside });
      case 'subProcess':
        return sub(
          n.id,
          elements(n.id),
          n.thread ? { each: { list: n.thread.list, as: n.thread.element }, inputs: locals(n.id) } : {},
        );
      default: {
        const kind = n.type.replace('Gateway', '') as 'exclusive' | 'parallel' | 'inclusive';
        return gateway(kind, n.id, graph.flows.find((f) => f.from === n.id && f.default)?.id);
      }
    }
  }

  function catchesError({ attachedTo }: GraphNode): boolean {
    return graph.nodes.some((n) => n.parent === attachedTo && n.end === 'error');
  }

  /** Outcomes are local to a thread. */
  function locals(id: string): Record<string, null> {
    const inner = (at: string): GraphNode[] =>
      graph.nodes.filter((n) => n.parent === at).flatMap((n) => [n, ...inner(n.id)]);
    const tasks = inner(id).filter((n) => n.type === 'userTask');
    return Object.fromEntries(tasks.map((n) => [`${n.id}_outcome`, null]));
  }
}

/**
 * A graph from paths: for each level, such as `process`, ids along its flows (`start a b; b end`). What is not said in
 * `special` is a user task, or an event where its id begins with `start` or `end`.
 */
export function sketch(
  levels: Record<string, string>,
  special: Record<string, Partial<GraphNode>> = {},
  flows: Record<string, Pick<GraphFlow, 'condition' | 'default'>> = {},
): Graph {
  const graph: Graph = { nodes: [], flows: [] };
  const typeOf = (id: string) => (/^(start|end)/.exec(id) ? `${/^(start|end)/.exec(id)![0]}Event` : 'userTask');
  for (const [parent, text] of Object.entries(levels)) {
    for (const ids of text.split(';').map((path) => path.trim().split(' ')))
      ids.forEach((id, i) => {
        if (!graph.nodes.some((node) => node.id === id))
          graph.nodes.push({ id, type: typeOf(id), name: id, parent, ...special[id] });
        const [from, flow] = [ids[i - 1], `${ids[i - 1]}-${id}`];
        if (from) graph.flows.push({ id: flow, from, to: id, ...flows[flow] });
      });
  }
  return graph;
}
