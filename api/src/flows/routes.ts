/** Ways through a compiled flow. */
import type { CompiledFlow, Graph, GraphFlow } from '../../../contracts/flow.ts';
import { parseExpression } from './expression.ts';

export const outgoing = (graph: Graph, node: string): GraphFlow[] => graph.flows.filter((flow) => flow.from === node);
export const incoming = (graph: Graph, node: string): GraphFlow[] => graph.flows.filter((flow) => flow.to === node);

/** Boundary events of a node. */
export const boundaries = (graph: Graph, node: string): string[] =>
  graph.nodes.filter((n) => n.attachedTo === node).map((n) => n.id);

/**
 * Nodes that a token may come to next when this step ends with this outcome. Gateways that read only the step's outcome
 * are decided; behind any other, each flow is possible.
 */
export function nextAfter({ graph }: CompiledFlow, step: string, outcome: string): string[] {
  const variable = `${step}_outcome`;
  return outgoing(graph, step).flatMap(({ to }) => through(to, new Set()));

  function through(node: string, seen: Set<string>): string[] {
    const gateway = /gateway$/i.test(graph.nodes.find((n) => n.id === node)?.type ?? '');
    if (!gateway || seen.has(node)) return [node];
    seen.add(node);
    return taken(node).flatMap(({ to }) => through(to, seen));
  }

  function taken(gateway: string): GraphFlow[] {
    const flows = outgoing(graph, gateway);
    const open: GraphFlow[] = [];
    for (const flow of flows) {
      if (!flow.condition) continue;
      const { comparisons, holds } = parseExpression(`\${${flow.condition}}`);
      const decided = comparisons.every((c) => c.variable === variable);
      if (decided && holds({ [variable]: outcome })) return [flow];
      if (!decided) open.push(flow);
    }
    return [...open, ...flows.filter((flow) => !flow.condition)];
  }
}

/** Everything that a token may come to from these nodes, themselves included; boundary events and inner elements too. */
export function reachable(graph: Graph, from: string[]): Set<string> {
  const seen = new Set<string>();
  const open = [...from];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    const parent = graph.nodes.find((n) => n.id === node)?.parent;
    const inner = graph.nodes.filter((n) => n.parent === node && n.type === 'startEvent').map((n) => n.id);
    const ended = outgoing(graph, node).length === 0 && parent !== undefined ? [parent] : [];
    const around = ended.flatMap((id) => outgoing(graph, id).map((flow) => flow.to));
    open.push(...outgoing(graph, node).map((flow) => flow.to), ...boundaries(graph, node), ...inner, ...around);
  }
  return seen;
}
