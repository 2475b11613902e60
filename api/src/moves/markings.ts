/**
 * Which steps of one level of a model can be open together. A move is right when what is open after it is something
 * that the flow could have come to by itself: then no token is doubled, and none waits for another that nobody has.
 * A level is the process or one sub-process; a sub-process in it counts as one step.
 */
import type { Graph, GraphFlow, GraphNode } from '../../../contracts/flow.ts';
import { MoveRefused } from './refused.ts';

/** Ids of open steps, and `join <flow>` for a token that waits at a join, having come by this flow. */
export type Marking = ReadonlySet<string>;

/** A part of a level that lives by itself: the main flow, or a part without an incoming flow. */
export interface Net {
  /** Where it begins: a start event, or the first step of an exit or part on demand. */
  entry: string;
  /** In which the level waits; the first ones are those that it begins with. */
  markings: Marking[];
  initial: number;
}

/** More than this, and a level is too wide to be planned. */
const MOST = 20_000;

const WAITING = new Set(['userTask', 'serviceTask', 'receiveTask', 'intermediateCatchEvent', 'subProcess']);
const JOINING = new Set(['parallelGateway', 'inclusiveGateway']);
const JOIN = 'join ';

export const waits = (node: GraphNode): boolean => WAITING.has(node.type);
export const isJoinPlace = (place: string): boolean => place.startsWith(JOIN);

/** The id of the process: what the outermost nodes have as their parent. */
export function rootOf(graph: Graph): string {
  const ids = new Set(graph.nodes.map((n) => n.id));
  return graph.nodes.find((n) => !ids.has(n.parent))!.parent;
}

/** The gateway at which a token in this place waits. */
export function joinOf(graph: Graph, place: string): string {
  return graph.flows.find((f) => f.id === place.slice(JOIN.length))!.to;
}

/** The nets of one level. Throws `MoveRefused` where it is too wide. */
export function netsOf(graph: Graph, level: string): Net[] {
  const nodes = new Map(graph.nodes.filter((n) => n.parent === level).map((n) => [n.id, n]));
  const flows = graph.flows.filter((f) => nodes.has(f.from));
  const out = group(flows, (f) => f.from);
  const into = group(flows, (f) => f.to);
  const boundaries = group(
    [...nodes.values()].filter((n) => n.attachedTo),
    (n) => n.attachedTo!,
  );
  const joins = [...nodes.values()].filter((n) => JOINING.has(n.type) && (into.get(n.id)?.length ?? 0) > 1);
  const ahead = new Map<string, Set<string>>();

  return [...nodes.values()]
    .filter((n) => (n.type === 'startEvent' || waits(n)) && !into.has(n.id))
    .map((n) => explore(n));

  function explore(entry: GraphNode): Net {
    const first = entry.type === 'startEvent' ? run([], outOf(entry.id)) : [new Set([entry.id])];
    const found = new Map(first.map((m) => [keyOf(m), m]));
    // A Map is walked in the order of insertion, also over what is added meanwhile.
    for (const marking of found.values()) {
      for (const next of after(marking)) if (!found.has(keyOf(next))) found.set(keyOf(next), next);
      if (found.size > MOST)
        throw new MoveRefused(
          level,
          '这一段并行的分支太多，算不出变动以后的情形',
          'Too many parallel branches to plan a move',
        );
    }
    const markings = [...found.values()];
    return { entry: entry.id, markings, initial: first.length };
  }

  /** Every marking to which one step's end, or one of its boundary events, leads. */
  function after(marking: Marking): Marking[] {
    return [...marking]
      .filter((place) => !isJoinPlace(place))
      .flatMap((place) => {
        const rest = [...marking].filter((other) => other !== place);
        return [
          ...run(rest, outOf(place)),
          ...(boundaries.get(place) ?? []).flatMap((b) => run(b.beside ? [...marking] : rest, outOf(b.id))),
        ];
      });
  }

  function outOf(node: string): GraphFlow[] {
    return out.get(node) ?? [];
  }

  /** Lets tokens go on until all wait; each choice of a gateway is one result. A place that would hold two is none. */
  function run(places: string[], moving: GraphFlow[]): Marking[] {
    const [flow, ...others] = moving;
    if (!flow) return settle(new Set(places));
    const node = nodes.get(flow.to)!;
    if (waits(node)) return places.includes(node.id) ? [] : run([...places, node.id], others);
    if (node.type === 'endEvent') return node.end ? [new Set()] : run(places, others);
    if (joins.includes(node)) return arrive(places, flow, node, others);
    return choices(node).flatMap((taken) => run(places, [...others, ...taken]));
  }

  function arrive(places: string[], flow: GraphFlow, node: GraphNode, others: GraphFlow[]): Marking[] {
    const place = JOIN + flow.id;
    if (places.includes(place)) return [];
    const here = [...places, place];
    const all = into.get(node.id)!.map((f) => JOIN + f.id);
    if (node.type !== 'parallelGateway' || !all.every((p) => here.includes(p))) return run(here, others);
    return run(
      here.filter((p) => !all.includes(p)),
      [...others, ...outOf(node.id)],
    );
  }

  /** An inclusive join goes on when no token elsewhere can still come to it. */
  function settle(marking: Marking): Marking[] {
    for (const join of joins) {
      if (join.type !== 'inclusiveGateway') continue;
      const waiting = [...marking].filter((p) => isJoinPlace(p) && toOf(p) === join.id);
      const elsewhere = [...marking].filter((p) => !waiting.includes(p));
      if (waiting.length === 0 || elsewhere.some((p) => aheadOf(isJoinPlace(p) ? toOf(p) : p).has(join.id))) continue;
      return choices(join).flatMap((taken) => run(elsewhere, taken));
    }
    return [marking];
  }

  function choices(node: GraphNode): GraphFlow[][] {
    const flows = outOf(node.id);
    if (node.type === 'exclusiveGateway') return flows.map((f) => [f]);
    if (node.type === 'inclusiveGateway') return subsets(flows);
    return [flows];
  }

  function toOf(place: string): string {
    return flows.find((f) => JOIN + f.id === place)!.to;
  }

  function aheadOf(node: string): Set<string> {
    let found = ahead.get(node);
    if (found) return found;
    found = new Set();
    const open = outOf(node).map((f) => f.to);
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (found.has(at)) continue;
      found.add(at);
      open.push(...outOf(at).map((f) => f.to));
    }
    ahead.set(node, found);
    return found;
  }
}

/** All but the empty one. */
function subsets<T>(list: T[]): T[][] {
  return list.reduce<T[][]>((made, item) => [...made, ...made.map((one) => [...one, item])], [[]]).slice(1);
}

function group<T>(list: T[], by: (item: T) => string): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const item of list) found.set(by(item), [...(found.get(by(item)) ?? []), item]);
  return found;
}

const keyOf = (marking: Marking): string => [...marking].sort().join(' ');
