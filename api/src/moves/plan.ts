/**
 * Plans a move over the model and the live tree; pure. Measured rules (ENGINE.md 6, 17): starts before cancels, instance
 * ids only, never nothing started, targets are steps that wait, tokens waiting at joins are cancelled by name.
 */
import type { Graph } from '../../../contracts/flow.ts';
import type { ActivityNode, MoveInstruction, Variables } from '../../../engine-adapters/port/index.ts';
import type { EngineEvent } from '../engine/index.ts';
import {
  chainOf,
  isBody,
  leavesOf,
  modelOf,
  nodeOf,
  pathTo,
  signature,
  tokensOf,
  type Model,
  type Token,
} from './live.ts';
import { MoveRefused } from './refused.ts';
import { behind, restore, rewind, type Cut } from './rewind.ts';

export { signature } from './live.ts';
export { MoveRefused } from './refused.ts';

export interface MovePlan {
  kind: MoveRequest['kind'] | 'migration';
  /**
   * In this order; `ancestor` is the instance of the sub-process or thread to start in. `threads`: all of the
   * sub-process `of` begin, each with the step `first`.
   */
  start: { activityId: string; name: string; ancestor?: string; threads?: { of: string; first: string } }[];
  /**
   * What ends, with the instances that are open in it; tokens that wait at joins have the join's name. `inner`: the
   * steps that end with a sub-process.
   */
  cancel: {
    instanceId: string;
    activityId: string;
    name: string;
    transition: boolean;
    open: string[];
    inner: MovePlan['keep'];
  }[];
  keep: { instanceId: string; activityId: string; name: string }[];
  /** Steps whose finished visits are undone: on a replay their outcomes are cleared and their answers are void. */
  undone: string[];
  /** What was cancelled, so that a straight back can start it again. */
  cut: Cut[];
  /** The instance of the process or sub-process in which everything is started and ended; null: the case. */
  within: string | null;
  /** The thread that the undone visits lie in; null: any. */
  thread: string | null;
  /** Returns: whether the corrected step goes on as usual, or straight back to where it was sent from. */
  mode?: 'replay' | 'straight-back';
  /** What was pinned for correction. */
  pins?: unknown[];
  /** Variables that are written with the first start, or with the migration. */
  set?: Variables;
  /** Migrations: the release that the case goes on under. */
  release?: string;
  /** The live tree that the plan was made on: a plan made on another one is shown anew, never executed. Null: any. */
  tree: string | null;
}

export type MoveRequest =
  /** Ends everything that lives and goes out by a step without an incoming flow; `from`: inside that sub-process only. */
  | { kind: 'exit'; to: string; from?: string }
  | { kind: 'part'; to: string }
  /** `from` is the open instance that is sent back; `since` the steps finished since `to` was last entered, absent: all. */
  | { kind: 'return'; to: string; from: string; since?: string[] }
  /** `within` are the instances that were around the visit, innermost first; those that have ended don't count. */
  | { kind: 'take-back'; to: string; within: string[]; since?: string[] }
  /** `from` is the open instance that a return started; `back` is that return's plan. */
  | { kind: 'straight-back'; from: string; back: Returned };

/** What of a return's plan a straight back needs: it begins with the step that the return goes to. */
type Returned = Pick<MovePlan, 'cut' | 'within' | 'start'>;

/** Steps that are done after a step only; those of parallel branches are not. Throws `MoveRefused` on too wide a model. */
export const stepsBehind = (graph: Graph, step: string): string[] => behind(modelOf(graph), step);

/** Throws `MoveRefused`. */
export function planMove(graph: Graph, tree: ActivityNode, request: MoveRequest): MovePlan {
  const model = modelOf(graph);
  const plan = planKind(model, tree, request);
  return { ...plan, cancel: inOrder(model, plan.cancel), keep: inOrder(model, plan.keep) };
}

function planKind(model: Model, tree: ActivityNode, request: MoveRequest): MovePlan {
  switch (request.kind) {
    case 'exit':
      return planExit(model, tree, request);
    case 'part':
      return planPart(model, tree, request.to);
    case 'return':
      return planReturn(model, tree, request);
    case 'take-back':
      return planTakeBack(model, tree, request);
    case 'straight-back':
      return planStraightBack(model, tree, request);
  }
}

function planExit(model: Model, tree: ActivityNode, { to, from }: { to: string; from?: string }): MovePlan {
  entryOnly(model, to);
  const level = model.node(to)!.parent;
  const path = from ? (pathTo(tree, from) ?? []) : [tree];
  const scope = level === model.root ? tree : path.find((live) => nodeOf(live) === level);
  if (!scope) throw new MoveRefused(to, '出口不在这一部分里', 'The exit belongs to another part of the flow');
  const tokens = tokensOf(scope);
  return {
    ...bare('exit', tree),
    start: [started(model, to, scope, tree)],
    cancel: tokens.map((token) => cancelled(model, token)),
    keep: keptBut(model, tree, tokens),
    within: scope === tree ? null : scope.id,
  };
}

function planPart(model: Model, tree: ActivityNode, to: string): MovePlan {
  entryOnly(model, to);
  return { ...bare('part', tree), start: [started(model, to, tree, tree)], keep: keptBut(model, tree, []) };
}

function planReturn(
  model: Model,
  tree: ActivityNode,
  { to, from, since }: { to: string; from: string; since?: string[] },
): MovePlan {
  const path = pathTo(tree, from);
  if (!path) throw new MoveRefused(to, '这项待办已经结束', 'The step is no longer open');
  const chain = chainOf(model, to);
  const at = path.findLastIndex((live, i) => i < path.length - 1 && isAround(model, tree, live, chain));
  return back(model, tree, 'return', { scope: path[at]!, chain, from: path[at + 1]!.id, since });
}

function planTakeBack(
  model: Model,
  tree: ActivityNode,
  { to, within, since }: { to: string; within: string[]; since?: string[] },
): MovePlan {
  const chain = chainOf(model, to);
  const around = within
    .map((id) => pathTo(tree, id)?.at(-1))
    .find((live) => live && isAround(model, tree, live, chain));
  return back(model, tree, 'take-back', { scope: around ?? tree, chain, since });
}

/** Whether a live instance is the process or a sub-process around the step. */
function isAround(model: Model, tree: ActivityNode, live: ActivityNode, chain: string[]): boolean {
  return live === tree || (chain.slice(1).includes(live.activityId) && model.node(live.activityId) !== undefined);
}

function back(
  model: Model,
  tree: ActivityNode,
  kind: 'return' | 'take-back',
  where: { scope: ActivityNode; chain: string[]; from?: string; since?: string[] },
): MovePlan {
  const level = where.scope === tree ? model.root : where.scope.activityId;
  const depth = level === model.root ? where.chain.length : where.chain.indexOf(level);
  const { start, ended, undone, cut } = rewind(model, level, where.scope, where.chain.slice(0, depth), where.from);
  return {
    ...bare(kind, tree),
    start: start.map((activityId) => ({
      ...started(model, activityId, where.scope, tree),
      ...(isBody({ activityId }) && { threads: { of: nodeOf({ activityId }), first: where.chain[0]! } }),
    })),
    cancel: ended.map((token) => cancelled(model, token)),
    keep: keptBut(model, tree, ended),
    thread: threadAround(model, tree, where.scope),
    undone: where.since ? undone.filter((step) => where.since!.includes(step)) : undone,
    cut,
    within: where.scope === tree ? null : where.scope.id,
  };
}

function threadAround(model: Model, tree: ActivityNode, scope: ActivityNode): string | null {
  const threads = pathTo(tree, scope.id)!.filter((live) => !isBody(live) && model.node(live.activityId)?.thread);
  return threads.at(-1)?.id ?? null;
}

function planStraightBack(
  model: Model,
  tree: ActivityNode,
  { from, back: { cut, within, start: begun } }: { from: string; back: Returned },
): MovePlan {
  const path = pathTo(tree, from);
  const at = within === null ? 0 : (path ?? []).findIndex((live) => live.id === within);
  const scope = path?.[at];
  if (!path || !scope) throw new MoveRefused('', '这项待办已经结束', 'The step is no longer open');
  const level = scope === tree ? model.root : scope.activityId;
  const { start, ended } = restore(model, level, scope, path[at + 1]!.id, {
    cut,
    joins: begun.slice(1).map(({ activityId }) => activityId),
  });
  return {
    ...bare('straight-back', tree),
    start: start.map((activityId) => started(model, activityId, scope, tree)),
    cancel: ended.map((token) => cancelled(model, token)),
    keep: keptBut(model, tree, ended),
    within,
  };
}

/** In the order of the model: the engine's tree has none. */
export function inOrder<T extends { activityId: string }>(model: Model, list: T[]): T[] {
  const place = (one: T) => model.graph.nodes.findIndex((node) => node.id === nodeOf(one));
  return list.toSorted((a, b) => place(a) - place(b));
}

function entryOnly(model: Model, step: string): void {
  const node = model.node(step);
  if (!node || model.graph.flows.some((f) => f.to === step)) throw new RangeError(`${step} has an incoming flow`);
  if (node.type !== 'userTask' && node.type !== 'serviceTask') throw new RangeError(`${step} does not wait`);
}

export function bare(kind: MovePlan['kind'], tree: ActivityNode): MovePlan {
  return {
    kind,
    start: [],
    cancel: [],
    keep: [],
    undone: [],
    cut: [],
    within: null,
    thread: null,
    tree: signature(tree),
  };
}

function started(model: Model, activityId: string, scope: ActivityNode, tree: ActivityNode): MovePlan['start'][number] {
  return { activityId, name: model.name(nodeOf({ activityId })), ...(scope !== tree && { ancestor: scope.id }) };
}

function cancelled(model: Model, token: Token): MovePlan['cancel'][number] {
  const { id, node, transition, live } = token;
  const leaves = leavesOf(token);
  const inner = leaves.filter((leaf) => leaf !== token && !leaf.transition).map((leaf) => leafOf(model, leaf));
  return {
    instanceId: id,
    activityId: live?.activityId ?? node,
    name: model.name(node),
    transition,
    open: leaves.map((leaf) => leaf.id),
    inner: inOrder(model, inner),
  };
}

export function keptBut(model: Model, tree: ActivityNode, ended: Token[]): MovePlan['keep'] {
  const gone = new Set(ended.flatMap((token) => [token, ...leavesOf(token)]).map((token) => token.id));
  return tokensOf(tree)
    .flatMap((token) => (gone.has(token.id) ? [] : leavesOf(token)))
    .filter((leaf) => !gone.has(leaf.id))
    .map((leaf) => leafOf(model, leaf));
}

function leafOf(model: Model, { id, node }: Token): MovePlan['keep'][number] {
  return { instanceId: id, activityId: node, name: model.name(node) };
}

/** What a plan ends, by name: a sub-process with the steps in it that end with it, as in 「评审（现场评审、核查）」. */
export function namesCancelled({ cancel }: Pick<MovePlan, 'cancel'>): string[] {
  return cancel.map(({ name, inner }) =>
    inner.length > 0 ? `${name}（${[...new Set(inner.map((step) => step.name))].join('、')}）` : name,
  );
}

/** What `set` names is written where it lives, with the first start: in one engine transaction with the move. */
export function instructions(plan: MovePlan): MoveInstruction[] {
  return [
    ...plan.start.map(({ activityId, ancestor }, i): MoveInstruction => ({
      kind: 'start',
      activityId,
      ...(ancestor && { ancestor }),
      ...(i === 0 && plan.set && { variables: plan.set }),
    })),
    ...plan.cancel.map((c): MoveInstruction => ({
      kind: 'cancel',
      instanceId: c.instanceId,
      ...(c.transition && { transition: true }),
    })),
  ];
}

/** Outcomes of undone steps, so that none of them steers a gateway of the replay. */
export function clearing(model: Graph, undone: string[]): Record<string, null> {
  const tasks = model.nodes.filter((n) => n.type === 'userTask' && undone.includes(n.id));
  return Object.fromEntries(tasks.map((n) => [`${n.id}_outcome`, null]));
}

/** Whether this one engine transaction did what the plan says: its entries and its ends (RULES, Acknowledging a move). */
export function doneIn(plan: MovePlan, group: Pick<EngineEvent, 'kind' | 'how' | 'act_id' | 'act_inst'>[]): boolean {
  const entered = plan.start.every((s) => group.some((e) => e.kind === 'enter' && e.act_id === s.activityId));
  const ended = plan.cancel
    .filter((c) => !c.transition)
    .every((c) => group.some((e) => e.kind === 'leave' && e.how !== 4 && e.act_inst === c.instanceId));
  return entered && ended;
}
