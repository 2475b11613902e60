/** For tests: generated models over the elements that a flow may hold, as a graph and as the XML for the engine. */
import fc from 'fast-check';
import type { Graph, GraphFlow, GraphNode } from '../../../../contracts/flow.ts';
import {
  end,
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

/** What a model is made of; `late` puts a boundary timer on it. */
export type Shape =
  | { is: 'step'; late: boolean }
  | { is: 'work' }
  | { is: 'row'; of: Shape[] }
  /** A step that decides; back to itself by another outcome, which is never given. */
  | { is: 'choice'; of: Shape[]; taken: number; again: boolean }
  | { is: 'parallel'; of: Shape[] }
  /** `taken` says which branches the step before opens; a branch without a step goes straight to the join. */
  | { is: 'inclusive'; of: Shape[]; taken: boolean[] }
  | { is: 'sub'; of: Shape; late: boolean }
  | { is: 'threads'; of: Shape; count: number };

export interface Generated {
  graph: Graph;
  /** Work waits under the topic. */
  xml(key: string, topic: string): string;
  /** Step → the outcome that is always given. */
  answers: Record<string, string>;
  variables: Record<string, string | null>;
  /** Step → how often it is finished when nothing is moved. */
  visits: Record<string, number>;
  /** Multi-instance sub-process → number of its threads. */
  threads: Record<string, number>;
}

const step = fc.record({ is: fc.constant('step' as const), late: fc.boolean() });
const few = <T>(of: fc.Arbitrary<T>, maxLength = 3) => fc.array(of, { minLength: 2, maxLength });

export const shapes: fc.Arbitrary<Shape> = fc.letrec<{ shape: Shape }>((tie) => ({
  shape: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 4, arbitrary: step },
    { weight: 1, arbitrary: fc.constant<Shape>({ is: 'work' }) },
    { weight: 4, arbitrary: fc.record({ is: fc.constant('row' as const), of: few(tie('shape'), 4) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        is: fc.constant('choice' as const),
        of: few(tie('shape'), 2),
        taken: fc.nat(1),
        again: fc.boolean(),
      }),
    },
    { weight: 3, arbitrary: fc.record({ is: fc.constant('parallel' as const), of: few(tie('shape')) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        is: fc.constant('inclusive' as const),
        of: few(tie('shape')),
        taken: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ is: fc.constant('sub' as const), of: tie('shape'), late: fc.boolean() }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        is: fc.constant('threads' as const),
        of: tie('shape'),
        count: fc.integer({ min: 1, max: 3 }),
      }),
    },
  ),
})).shape;

/** The model of a shape, between a first and a last step. */
export function generate(shape: Shape): Generated {
  const graph: Graph = { nodes: [], flows: [] };
  const answers: Record<string, string> = {};
  const visits: Record<string, number> = {};
  const threads: Record<string, number> = {};
  let ids = 0;
  level('process', { is: 'row', of: [{ is: 'step', late: false }, shape, { is: 'step', late: false }] }, 1);
  const variables: Record<string, string | null> = Object.fromEntries(
    graph.nodes.filter((n) => n.type === 'userTask').map((n) => [`${n.id}_outcome`, null]),
  );
  for (const [id, count] of Object.entries(threads))
    variables[`${id}List`] = Array.from({ length: count }, (_, i) => `e${i}`).join(',');
  return { graph, answers, variables, visits, threads, xml: (key, topic) => xmlOf(graph, key, topic) };

  function add(type: string, parent: string, more: Partial<GraphNode> = {}): string {
    const id = `${type.slice(0, 1)}${(ids += 1)}`;
    graph.nodes.push({ id, type, name: id, parent, ...more });
    return id;
  }

  function connect(from: string, to: string, how: { condition?: string; default?: boolean } = {}): void {
    graph.flows.push({ id: `${from}-${to}`, from, to, ...how });
  }

  function level(parent: string, of: Shape, times: number): void {
    connect(put(of, parent, add('startEvent', parent), times), add('endEvent', parent));
  }

  /** Puts a shape behind `from`; what comes next is connected to the answer. `times`: how often it is passed. */
  function put(of: Shape, parent: string, from: string, times: number): string {
    switch (of.is) {
      case 'step':
        return late(of.late, parent, task(parent, from, times, 'go'), times);
      case 'work': {
        const id = add('serviceTask', parent);
        connect(from, id);
        visits[id] = times;
        return id;
      }
      case 'row':
        return of.of.reduce((last, next) => put(next, parent, last, times), from);
      case 'choice':
        return choice(of, parent, from, times);
      case 'parallel':
        return branches(
          'parallelGateway',
          of.of,
          parent,
          from,
          times,
          of.of.map(() => true),
        );
      case 'inclusive':
        return branches('inclusiveGateway', of.of, parent, task(parent, from, times, 'go'), times, of.taken);
      case 'sub':
      case 'threads': {
        const id = add('subProcess', parent);
        if (of.is === 'threads') graph.nodes.at(-1)!.thread = { list: `${id}List`, element: 'element' };
        connect(from, id);
        if (of.is === 'threads') threads[id] = of.count;
        level(id, of.of, of.is === 'threads' ? times * of.count : times);
        return of.is === 'sub' ? late(of.late, parent, id, times) : id;
      }
    }
  }

  function task(parent: string, from: string, times: number, outcome: string): string {
    const id = add('userTask', parent);
    connect(from, id);
    answers[id] = outcome;
    visits[id] = times;
    return id;
  }

  /** A boundary timer leads to a step of its own and back to the way behind. */
  function late(wanted: boolean, parent: string, on: string, _times: number): string {
    if (!wanted) return on;
    const boundary = add('boundaryEvent', parent, { attachedTo: on });
    const merge = add('exclusiveGateway', parent);
    connect(on, merge);
    connect(task(parent, boundary, 0, 'go'), merge);
    return merge;
  }

  function choice(of: Shape & { is: 'choice' }, parent: string, from: string, times: number): string {
    const decider = task(parent, from, times, `o${of.taken}`);
    const split = add('exclusiveGateway', parent);
    const merge = add('exclusiveGateway', parent);
    connect(decider, split);
    of.of.forEach((branch, i) => {
      const before = graph.flows.length;
      const last = put(branch, parent, split, i === of.taken ? times : 0);
      const first = graph.flows.slice(before).find((f) => f.from === split)!;
      Object.assign(first, i === 0 ? { default: true } : { condition: `${decider}_outcome == 'o${i}'` });
      connect(last, merge);
    });
    if (of.again) connect(split, decider, { condition: `${decider}_outcome == 'again'` });
    return merge;
  }

  function branches(
    type: 'parallelGateway' | 'inclusiveGateway',
    of: Shape[],
    parent: string,
    from: string,
    times: number,
    taken: boolean[],
  ): string {
    const fork = add(type, parent);
    const join = add(type, parent);
    connect(from, fork);
    of.forEach((branch, i) => {
      const before = graph.flows.length;
      const last = put(branch, parent, fork, taken[i] ? times : 0);
      const first = graph.flows.slice(before).find((f) => f.from === fork)!;
      if (type === 'inclusiveGateway') first.condition = `${from}_outcome == '${taken[i] ? 'go' : 'never'}'`;
      connect(last, join);
    });
    if (type === 'inclusiveGateway') connect(fork, join, { default: true });
    return join;
  }
}

/** The XML of a graph, for the engine. */
export function xmlOf(graph: Graph, key: string, topic = 'generated'): string {
  return model(key, elements(rootOf(graph)));

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
        return end(n.id, n.end === 'terminate' ? 'terminate' : undefined);
      case 'userTask':
        return user(n.id);
      case 'serviceTask':
        return work(n.id, topic);
      case 'boundaryEvent':
        return timer(n.id, n.attachedTo!);
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
