/** For tests: the model of a shape, with what its steps answer and how often each is finished when nothing is moved. */
import type { Graph, GraphNode } from '../../../../contracts/flow.ts';
import type { Late, Shape } from './shapes.ts';

export interface Generated {
  graph: Graph;
  /** Where the main flow ends. */
  end: string;
  /** Step → the outcome that is always given. */
  answers: Record<string, string>;
  variables: Record<string, string | null>;
  /** Step → how often it is finished when nothing is moved. */
  visits: Record<string, number>;
  /** Multi-instance sub-process → number of its threads. */
  threads: Record<string, number>;
  /** Step that ends its block by an error → the other steps of the block: what is open there ends unfinished. */
  aborts: Record<string, string[]>;
  /** Boundary timer → what it begins, and what one passage of the step or sub-process that it is on finishes. */
  timers: Record<string, { on: string; begins: string; beside: boolean; inner: Record<string, number> }>;
}

/** Parts without an incoming flow that every model has: one ends everything else, one is started beside it. */
export const EXIT = 'leave';
export const PART = 'extra';
/** What the later release of a model has more: a step at the end, and a branch of the first parallel gateway. */
export const CLOSING = 'closing';
export const WIDER = 'wider';

/** The model of a shape, between a first and a last step. */
export function generate(shape: Shape): Generated {
  const graph: Graph = { nodes: [], flows: [] };
  const answers: Record<string, string> = {};
  const visits: Record<string, number> = {};
  const threads: Record<string, number> = {};
  const timers: Generated['timers'] = {};
  const aborts: Generated['aborts'] = {};
  /** Elements of an inlined block are named after its call. */
  const prefixes: Record<string, string> = { process: '' };
  let ids = 0;
  const plain: Shape = { is: 'step', late: 'none' };
  const end = level('process', { is: 'row', of: [plain, shape, plain] }, 1);
  for (const id of [EXIT, PART]) alone(id);
  const variables: Record<string, string | null> = Object.fromEntries(
    graph.nodes.filter((n) => n.type === 'userTask').map((n) => [`${n.id}_outcome`, null]),
  );
  for (const [id, count] of Object.entries(threads))
    variables[`${id}List`] = Array.from({ length: count }, (_, i) => `e${i}`).join(',');
  return { graph, end, answers, variables, visits, threads, aborts, timers };

  function add(type: string, parent: string, more: Partial<GraphNode> = {}): string {
    const id = `${prefixes[parent]}${type.slice(0, 1)}${(ids += 1)}`;
    graph.nodes.push({ id, type, name: id, parent, ...more });
    return id;
  }

  function connect(from: string, to: string, how: { condition?: string; default?: boolean } = {}): void {
    graph.flows.push({ id: `${from}-${to}`, from, to, ...how });
  }

  function level(parent: string, of: Shape, times: number): string {
    const last = put(of, parent, add('startEvent', parent), times);
    const end = add('endEvent', parent);
    connect(last, end);
    return end;
  }

  function alone(id: string): void {
    graph.nodes.push({ id, type: 'userTask', name: id, parent: 'process' });
    answers[id] = 'go';
    visits[id] = 0;
    connect(id, add('endEvent', 'process'));
  }

  /** Puts a shape behind `from`; what comes next is connected to the answer. `times`: how often it is passed. */
  function put(of: Shape, parent: string, from: string, times: number): string {
    switch (of.is) {
      case 'step':
        return late(of.late, parent, task(parent, from, times, 'go'), times, (id) => ({ [id]: 1 }));
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
      case 'sub': {
        const id = inner(parent, from);
        level(id, of.of, times);
        return late(of.late, parent, id, times, () => perPassage(id, times));
      }
      case 'block':
        return block(of, parent, from, times);
      case 'threads': {
        const id = inner(parent, from);
        graph.nodes.at(-1)!.thread = { list: `${id}List`, element: 'element' };
        threads[id] = of.count;
        level(id, of.of, times * of.count);
        return id;
      }
    }
  }

  function inner(parent: string, from: string): string {
    const id = add('subProcess', parent);
    prefixes[id] = prefixes[parent]!;
    connect(from, id);
    return id;
  }

  function task(parent: string, from: string, times: number, outcome: string): string {
    const id = add('userTask', parent);
    connect(from, id);
    answers[id] = outcome;
    visits[id] = times;
    return id;
  }

  /** A boundary timer leads to a step of its own, and from there back to the way behind or, beside it, to an end. */
  function late(
    how: Late,
    parent: string,
    on: string,
    times: number,
    passage: (on: string) => Record<string, number>,
  ): string {
    if (how === 'none') return on;
    const beside = how === 'beside';
    const boundary = add('boundaryEvent', parent, { attachedTo: on, ...(beside && { beside }) });
    const begins = task(parent, boundary, 0, 'go');
    timers[boundary] = { on, begins, beside, inner: times > 0 ? passage(on) : {} };
    if (beside) {
      connect(begins, add('endEvent', parent));
      return on;
    }
    const merge = add('exclusiveGateway', parent);
    connect(on, merge);
    connect(begins, merge);
    return merge;
  }

  function perPassage(scope: string, times: number): Record<string, number> {
    return Object.fromEntries(stepsIn(scope).map((id) => [id, visits[id]! / times]));
  }

  function stepsIn(scope: string): string[] {
    const inside = graph.nodes.filter((n) => n.parent === scope);
    return inside.flatMap((n) => [...(n.id in visits ? [n.id] : []), ...stepsIn(n.id)]);
  }

  function block(of: Shape & { is: 'block' }, parent: string, from: string, times: number): string {
    const id = inner(parent, from);
    prefixes[id] = `${id}__`;
    const decider = task(id, put(of.of, id, add('startEvent', id), times), times, of.fails ? 'fail' : 'go');
    if (of.fails) aborts[decider] = stepsIn(id);
    const split = add('exclusiveGateway', id);
    connect(decider, split);
    connect(split, add('endEvent', id), { default: true });
    connect(split, add('endEvent', id, { end: 'error' }), { condition: `${decider}_outcome == 'fail'` });
    const caught = add('boundaryEvent', parent, { attachedTo: id });
    const merge = add('exclusiveGateway', parent);
    connect(id, merge);
    connect(task(parent, caught, of.fails ? times : 0, 'go'), merge);
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

/** A later release of a generated model; how often {@link WIDER} is finished depends on when a case comes to it. */
export function later(it: Generated): Generated {
  const graph = structuredClone(it.graph);
  const { nodes, flows } = graph;
  for (const flow of flows.filter((f) => f.to === it.end))
    Object.assign(flow, { id: `${flow.from}-${CLOSING}`, to: CLOSING });
  flows.push({ id: `${CLOSING}-${it.end}`, from: CLOSING, to: it.end });
  nodes.push({ id: CLOSING, type: 'userTask', name: CLOSING, parent: 'process' });
  const fork = nodes.find((n) => n.type === 'parallelGateway' && flows.filter((f) => f.from === n.id).length > 1);
  if (fork) {
    // The generator puts the join right behind the fork.
    const join = nodes[nodes.indexOf(fork) + 1]!;
    nodes.push({ id: WIDER, type: 'userTask', name: WIDER, parent: fork.parent });
    flows.push(
      { id: `${fork.id}-${WIDER}`, from: fork.id, to: WIDER },
      { id: `${WIDER}-${join.id}`, from: WIDER, to: join.id },
    );
  }
  return {
    ...it,
    graph,
    answers: { ...it.answers, [CLOSING]: 'go', [WIDER]: 'go' },
    variables: { [`${CLOSING}_outcome`]: null, [`${WIDER}_outcome`]: null },
    visits: { ...it.visits, [CLOSING]: 1 },
  };
}
