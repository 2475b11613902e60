/** One level of a move back: which tokens stay, which end, what is started so that the level can go on by itself. */
import type { ActivityNode } from '../../../engine-adapters/port/index.ts';
import { bodyOf, chainOf, tokensOf, type Model, type Token } from './live.ts';
import { isJoinPlace, joinOf, type Marking, type Net } from './markings.ts';
import { MoveRefused } from './refused.ts';

/** An ended token with what was open in it. */
export interface Cut {
  node: string;
  /** Threads of a multi-instance sub-process: their elements are lost with them. */
  threads: boolean;
  inner: Cut[];
}

export interface Rewound {
  /** Ids for the engine, in order: the step first, then joins at which a branch that stands has arrived. */
  start: string[];
  ended: Token[];
  undone: string[];
  cut: Cut[];
}

/**
 * Goes back to `chain[0]` within the level that lives as `scope`; `chain` leads from the step to the level's own
 * element. `from` is the token that is sent back; without it everything behind the step goes.
 */
export function rewind(model: Model, level: string, scope: ActivityNode, chain: string[], from?: string): Rewound {
  const to = chain[0]!;
  const target = chain.at(-1)!;
  const net = netWith(model, level, target);
  const tokens = tokensOf(scope).filter((token) => belongs(model, net, token.node));
  const sent = tokens.find((token) => token.id === from);
  // An exit, a part on demand, or what they left over.
  if (tokens.length === 0 || (from && !sent))
    throw new MoveRefused(
      to,
      `「${model.name(to)}」所在的这段流程现在没有在办，不能退回`,
      `The part of the flow with “${model.name(to)}” is not open now`,
    );
  if (sent && sent.node === target)
    throw new MoveRefused(to, `现在就在「${model.name(to)}」`, `The case is at “${model.name(to)}” now`);
  if (!sent && tokens.some((token) => token.node === target))
    throw new MoveRefused(
      to,
      `「${model.name(target)}」还在办，不能另外重办`,
      `“${model.name(target)}” is open; it can’t be done again beside that`,
    );
  if (sent && together(net, sent.node, target))
    throw new MoveRefused(
      to,
      `「${model.name(to)}」在并行的另一分支里，不能从这里退回`,
      `“${model.name(to)}” is in another parallel branch`,
    );
  const now = fitting(model, level, net, tokens);
  const then = best(net, now, target, sent?.node);
  if (!then)
    throw new MoveRefused(
      to,
      `退回「${model.name(to)}」后流程走不下去`,
      `After a return to “${model.name(to)}” the flow could not go on`,
    );
  const ended = tokens.filter((token) => !isJoin(model, token.node) && !then.has(token.node));
  const joins = [...new Set([...now, ...then].filter(isJoinPlace).map((place) => joinOf(model.graph, place)))];
  const start = [entryOf(model, chain)];
  for (const join of joins) {
    const more = countAt(model, then, join) - countAt(model, now, join);
    for (let i = 0; i < more; i += 1) start.push(join);
    if (more < 0) ended.push(...tokens.filter((token) => token.node === join).slice(0, -more));
  }
  return { start, ended, undone: undoneOf(model, net, chain), cut: ended.map((token) => cutOf(model, token)) };
}

/**
 * Starts what a return ended and ends what it started: `from`, and a token at each of the `joins`. Refused where the level could not come to
 * that by itself, and for threads, whose elements the engine forgot.
 */
export function restore(
  model: Model,
  level: string,
  scope: ActivityNode,
  from: string,
  { cut, joins }: { cut: Cut[]; joins: string[] },
): { start: string[]; ended: Token[] } {
  const leaves = cut.flatMap(leavesOfCut);
  const lost = cut.flatMap(allOfCut).find((one) => one.threads);
  if (lost)
    throw new MoveRefused(
      lost.node,
      `「${model.name(lost.node)}」是分头办理的，退回后须重新逐步办理`,
      `“${model.name(lost.node)}” has several threads; they have to be done again step by step`,
    );
  const here = tokensOf(scope);
  const sent = here.find((token) => token.id === from)!;
  const net = netWith(model, level, sent.node);
  const tokens = here.filter((token) => belongs(model, net, token.node));
  const counts = (nodes: string[]) => nodes.sort().join(' ');
  const ended = [sent];
  for (const join of joins) {
    const waiting = tokens.find((token) => token.node === join && !ended.includes(token));
    if (waiting) ended.push(waiting);
  }
  const wanted = [
    ...tokens.filter((token) => !ended.includes(token)).map((token) => token.node),
    ...cut.map((c) => c.node),
  ];
  const was = net.markings.find(
    (m) => counts([...m].map((p) => (isJoinPlace(p) ? joinOf(model.graph, p) : p))) === counts(wanted),
  );
  if (!was) throw new MoveRefused(sent.node, '其他分支已有变化，不能直送', 'Other branches have changed meanwhile');
  const order = (one: Cut) => Number(isJoin(model, one.node));
  return { start: leaves.toSorted((a, b) => order(a) - order(b)).map((leaf) => leaf.node), ended };
}

const leavesOfCut = (cut: Cut): Cut[] => (cut.inner.length === 0 ? [cut] : cut.inner.flatMap(leavesOfCut));
const allOfCut = (cut: Cut): Cut[] => [cut, ...cut.inner.flatMap(allOfCut)];

function cutOf(model: Model, token: Token): Cut {
  const inner = token.live ? tokensOf(token.live).map((t) => cutOf(model, t)) : [];
  return { node: token.node, threads: model.node(token.node)?.thread !== undefined, inner };
}

function netWith(model: Model, level: string, node: string): Net {
  const net = model.nets(level).find(({ markings }) => markings.some((m) => m.has(node)));
  if (!net)
    throw new MoveRefused(node, `「${model.name(node)}」不在流程里`, `“${model.name(node)}” is not in the flow`);
  return net;
}

export const isJoin = (model: Model, node: string): boolean => /Gateway$/.test(model.node(node)?.type ?? '');

export function belongs(model: Model, { markings }: Net, node: string): boolean {
  return isJoin(model, node) ? markings.some((m) => countAt(model, m, node) > 0) : markings.some((m) => m.has(node));
}

function countAt(model: Model, marking: Marking, join: string): number {
  return [...marking].filter((place) => isJoinPlace(place) && joinOf(model.graph, place) === join).length;
}

/** What is open now, as the model has it: by which flow each waiting token came. Undefined where it can't have it. */
export function fit(model: Model, net: Net, tokens: Token[]): Marking | undefined {
  const steps = tokens.filter((token) => !isJoin(model, token.node)).map((token) => token.node);
  const joins = [...new Set(tokens.map((token) => token.node).filter((node) => isJoin(model, node)))];
  return net.markings.find(
    (m) =>
      [...m].filter((place) => !isJoinPlace(place)).length === steps.length &&
      steps.every((step) => m.has(step)) &&
      [...m].filter(isJoinPlace).length === tokens.length - steps.length &&
      joins.every((join) => countAt(model, m, join) === tokens.filter((token) => token.node === join).length),
  );
}

function fitting(model: Model, level: string, net: Net, tokens: Token[]): Marking {
  const found = fit(model, net, tokens);
  if (found) return found;
  const steps = tokens.filter((token) => !isJoin(model, token.node)).map((token) => token.node);
  const place = steps.find((step, i) => steps.indexOf(step) !== i) ?? steps[0] ?? level;
  throw new MoveRefused(place, '流程的现状与模型不符，请报运维', 'What is open does not fit the model');
}

const together = ({ markings }: Net, a: string, b: string): boolean => markings.some((m) => m.has(a) && m.has(b));

/**
 * The state of the level with the target open that keeps most of what is open now. Only tokens that wait at joins may
 * be added: for branches that were finished and stand.
 */
function best({ markings }: Net, now: Marking, target: string, sent?: string): Marking | undefined {
  const rank = (m: Marking): number => {
    const kept = [...m].filter((place) => now.has(place));
    const added = [...m].filter((place) => isJoinPlace(place) && !now.has(place));
    return (
      kept.filter((place) => !isJoinPlace(place)).length * 10_000 + kept.filter(isJoinPlace).length * 100 - added.length
    );
  };
  return markings
    .filter(
      (m) =>
        m.has(target) &&
        (sent === undefined || !m.has(sent)) &&
        [...m].every((place) => place === target || isJoinPlace(place) || now.has(place)),
    )
    .reduce<Marking | undefined>((found, m) => (found && rank(found) >= rank(m) ? found : m), undefined);
}

/** What the engine is told to start: the step, or all threads of the sub-process that begins with it. */
function entryOf(model: Model, chain: string[]): string {
  const to = chain[0]!;
  for (let i = chain.length - 1; i > 0; i -= 1) {
    const [level, next] = [chain[i]!, chain[i - 1]!];
    const threads = model.node(level)!.thread !== undefined;
    const net = netWith(model, level, next);
    const states = threads ? net.markings.slice(0, net.initial) : net.markings;
    const alone = states.filter((m) => m.size === 1 && m.has(next));
    if (alone.length === 0 || (threads && states.length > alone.length))
      throw new MoveRefused(
        to,
        `不能从外面单独退回「${model.name(to)}」`,
        `“${model.name(to)}” can’t be entered alone from outside`,
      );
    if (!threads) continue;
    if (i === 1 || chain.slice(1, i).every((inner, j) => beginsWith(model, inner, chain[j]!))) return bodyOf(level);
    throw new MoveRefused(to, `不能从外面单独退回「${model.name(to)}」`, `“${model.name(to)}” is inside a thread`);
  }
  return to;
}

function beginsWith(model: Model, level: string, step: string): boolean {
  const net = netWith(model, level, step);
  return net.markings.slice(0, net.initial).every((m) => m.size === 1 && m.has(step));
}

/** Steps that are done after the target only, whatever stands beside it. Throws `MoveRefused` where that can't be told. */
export function behind(model: Model, step: string): string[] {
  const chain = chainOf(model, step);
  return undoneOf(model, netWith(model, model.root, chain.at(-1)!), chain);
}

/** Everything behind the target but what stands beside it. */
function undoneOf(model: Model, net: Net, chain: string[]): string[] {
  const target = chain.at(-1)!;
  const { graph } = model;
  const seen = new Set<string>();
  const open = [target];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    open.push(...graph.flows.filter((f) => f.from === at).map((f) => f.to));
    open.push(...graph.nodes.filter((n) => n.attachedTo === at).map((n) => n.id));
  }
  const behind = [...seen].filter((id) => id === target || !together(net, id, target));
  const deeper = chain.length > 1 ? undoneOf(model, netWith(model, target, chain.at(-2)!), chain.slice(0, -1)) : [];
  const inner = (id: string): string[] =>
    graph.nodes.filter((n) => n.parent === id).flatMap((n) => [n.id, ...inner(n.id)]);
  return behind
    .flatMap((id) => (id === target && chain.length > 1 ? deeper : [id, ...inner(id)]))
    .filter((id) => ['userTask', 'serviceTask', 'receiveTask'].includes(model.node(id)!.type));
}
