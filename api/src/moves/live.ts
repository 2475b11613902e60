/** The live tree of a case read along its model. */
import type { Graph, GraphNode } from '../../../contracts/flow.ts';
import type { ActivityNode } from '../../../engine-adapters/port/index.ts';
import { netsOf, rootOf, type Net } from './markings.ts';

const BODY = '#multiInstanceBody';

/** Node of the model that a live instance stands for; all threads of a sub-process stand in one body. */
export const nodeOf = (live: { activityId: string }): string => live.activityId.replace(BODY, '');
export const isBody = (live: { activityId: string }): boolean => live.activityId.endsWith(BODY);
export const bodyOf = (node: string): string => node + BODY;

/** A token of one level: an open step or sub-process, threads together, or a token that waits at a join. */
export interface Token {
  id: string;
  node: string;
  transition: boolean;
  live?: ActivityNode;
}

/** A graph with what is looked up in it again and again. */
export interface Model {
  graph: Graph;
  root: string;
  node(id: string): GraphNode | undefined;
  name(id: string): string;
  nets(level: string): Net[];
}

export function modelOf(graph: Graph): Model {
  const byId = new Map(graph.nodes.map((n) => [n.id, n]));
  const nets = new Map<string, Net[]>();
  return {
    graph,
    root: rootOf(graph),
    node: (id) => byId.get(id),
    name: (id) => byId.get(id)?.name || id,
    nets(level) {
      const found = nets.get(level) ?? netsOf(graph, level);
      nets.set(level, found);
      return found;
    },
  };
}

export function tokensOf(scope: ActivityNode): Token[] {
  // In a body the engine keeps a transition for each thread that has ended.
  const waiting = isBody(scope) ? [] : scope.transitions;
  return [
    ...scope.children.map((live) => ({ id: live.id, node: nodeOf(live), transition: false, live })),
    ...waiting.map((t) => ({ id: t.id, node: nodeOf(t), transition: true })),
  ];
}

/** From the root to the instance; null where it isn't live. */
export function pathTo(tree: ActivityNode, instanceId: string): ActivityNode[] | null {
  if (tree.id === instanceId) return [tree];
  for (const child of tree.children) {
    const rest = pathTo(child, instanceId);
    if (rest) return [tree, ...rest];
  }
  return null;
}

/** Open steps without anything in them, and tokens that wait, below an instance. */
export function leavesOf(token: Token): Token[] {
  const inner = token.live ? tokensOf(token.live) : [];
  return inner.length === 0 ? [token] : inner.flatMap(leavesOf);
}

/** The step itself, the sub-process around it and so on, without the process. */
export function chainOf(model: Model, step: string): string[] {
  const chain: string[] = [];
  for (let at = model.node(step); at; at = model.node(at.parent)) chain.push(at.id);
  return chain;
}

/** Two trees with one signature have the same live activity instances. */
export function signature(tree: ActivityNode): string {
  const ids = (node: ActivityNode): string[] => [
    node.id,
    ...node.children.flatMap(ids),
    ...node.transitions.map((t) => t.id),
  ];
  return ids(tree).sort().join(' ');
}
