/**
 * Plans a move over the model and the live tree; pure. Measured rules (ENGINE.md 6, 17): starts before cancels, instance
 * ids only, never nothing started, an exit begins with a step that waits, tokens waiting at joins are cancelled by name.
 */
import type { ActivityNode, MoveInstruction } from '../../../engine-adapters/port/index.ts';
import type { EngineEvent } from '../engine/index.ts';
import type { Graph } from '../../../contracts/flow.ts';

export interface MovePlan {
  kind: 'exit' | 'part';
  start: { activityId: string; name: string }[];
  /** Live steps that end, with their names; tokens that wait at a join have the join's. */
  cancel: { instanceId: string; activityId: string; name: string; transition: boolean }[];
  keep: { instanceId: string; activityId: string; name: string }[];
  /** The live tree that the plan was made on: a plan made on another one is shown anew, never executed. Null: any. */
  tree: string | null;
}

/** Ends everything that lives and goes out by `exit`, a step without an incoming flow. Throws RangeError where the model has no such exit. */
export function planExit(graph: Graph, tree: ActivityNode, exit: string): MovePlan {
  const node = graph.nodes.find((n) => n.id === exit);
  if (!node || graph.flows.some((f) => f.to === exit)) throw new RangeError(`${exit} is not an exit of the model`);
  if (node.type !== 'userTask' && node.type !== 'serviceTask') throw new RangeError(`${exit} does not wait`);
  const name = (id: string) => graph.nodes.find((n) => n.id === id)?.name ?? id;
  return {
    kind: 'exit',
    start: [{ activityId: exit, name: name(exit) }],
    cancel: [
      ...tree.children.map((c) => ({
        instanceId: c.id,
        activityId: c.activityId,
        name: name(c.activityId),
        transition: false,
      })),
      ...tree.transitions.map((t) => ({
        instanceId: t.id,
        activityId: t.activityId,
        name: name(t.activityId),
        transition: true,
      })),
    ],
    keep: [],
    tree: signature(tree),
  };
}

/** Starts a part that is marked `on-demand` beside everything that lives. Throws RangeError where the model has no such part. */
export function planPart(graph: Graph, tree: ActivityNode, step: string): MovePlan {
  const node = graph.nodes.find((n) => n.id === step);
  if (!node || graph.flows.some((f) => f.to === step)) throw new RangeError(`${step} is no part on demand`);
  const name = (id: string) => graph.nodes.find((n) => n.id === id)?.name ?? id;
  return {
    kind: 'part',
    start: [{ activityId: step, name: node.name }],
    cancel: [],
    keep: tree.children.map((c) => ({ instanceId: c.id, activityId: c.activityId, name: name(c.activityId) })),
    tree: signature(tree),
  };
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

export function instructions(plan: MovePlan): MoveInstruction[] {
  return [
    ...plan.start.map((s): MoveInstruction => ({ kind: 'start', activityId: s.activityId })),
    ...plan.cancel.map((c): MoveInstruction => ({
      kind: 'cancel',
      instanceId: c.instanceId,
      ...(c.transition && { transition: true }),
    })),
  ];
}

/** Whether this one engine transaction did what the plan says: its entries and its ends (RULES, Acknowledging a move). */
export function doneIn(plan: MovePlan, group: Pick<EngineEvent, 'kind' | 'how' | 'act_id' | 'act_inst'>[]): boolean {
  const entered = plan.start.every((s) => group.some((e) => e.kind === 'enter' && e.act_id === s.activityId));
  const ended = plan.cancel
    .filter((c) => !c.transition)
    .every((c) => group.some((e) => e.kind === 'leave' && e.how === 2 && e.act_inst === c.instanceId));
  return entered && ended;
}

/** Whether the live tree is what the plan leads to: all that was to end is gone, all that was to start is there or was. */
export function carriedOut(plan: MovePlan, tree: ActivityNode): boolean {
  const all = (node: ActivityNode): ActivityNode[] => [node, ...node.children.flatMap(all)];
  const live = all(tree);
  return (
    plan.cancel.every((c) => !live.some((n) => n.id === c.instanceId)) &&
    plan.start.some((s) => live.some((n) => n.activityId === s.activityId))
  );
}
