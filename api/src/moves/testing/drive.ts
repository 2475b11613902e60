/** For tests: drives a generated case on the engine, moves it, and holds each move against what its plan said. */
import assert from 'node:assert/strict';
import type { ActivityNode, EnginePort, EngineWorker } from '../../../../engine-adapters/port/index.ts';
import { isBody, leavesOf, nodeOf, tokensOf } from '../live.ts';
import { clearing, instructions, MoveRefused, planMove, type MovePlan } from '../plan.ts';
import type { Generated } from './models.ts';

/** What a test does: choices are taken modulo what there is to choose from. */
export type Act =
  | { do: 'answer'; at: number }
  | { do: 'return'; at: number; to: number; straight: boolean }
  | { do: 'take-back'; to: number };

/** A finished visit; `around` are the instances of the sub-processes around it. */
interface Done {
  step: string;
  around: string[];
}

export interface Run {
  moved: number;
  refused: number;
  straight: number;
}

interface Open {
  id: string;
  step: string;
  task: string;
  around: string[];
}

/** Carries the acts out, then finishes the case; fails where the oracle does not hold. */
export async function drive(
  port: EnginePort,
  worker: EngineWorker,
  it: Generated,
  { definitionId, key, acts }: { definitionId: string; key: string; acts: Act[] },
): Promise<Run> {
  const { instanceId } = await port.start({ definitionId, businessKey: key, variables: it.variables });
  /** Instances that hold the threads of a sub-process. */
  const bodies = new Set<string>();
  const run: Run = { moved: 0, refused: 0, straight: 0 };
  /** Finished visits that stand. */
  let valid: Done[] = [];
  /** The return that waits for its corrector to send it straight back. */
  let waiting = null as { plan: MovePlan; task: string; last: number } | null;

  for (const act of acts) {
    const tree = await settled();
    if (!tree) break;
    const open = openOf(tree);
    if (open.length === 0) break;
    const corrector = open.find((o) => o.task === waiting?.task);
    if (act.do === 'take-back') {
      if (!waiting) await takeBack(tree, act.to);
      continue;
    }
    const at = open[act.at % open.length]!;
    if (act.do === 'answer') await answer(at);
    else if (corrector) await straightBack(tree, corrector);
    else await goBack(tree, at, act);
  }
  await finish();
  assert.deepEqual(countOf(valid), expected(), 'finished visits that stand are those of a run without moves');
  return run;

  async function goBack(tree: ActivityNode, from: Open, act: Act & { do: 'return' }): Promise<void> {
    const targets = [...new Set(valid.map((d) => d.step))].filter((s) => s in it.answers);
    const to = targets[act.to % targets.length];
    if (!to) return;
    const last = roundOf(to, from);
    const since = [...new Set(valid.slice(last).map((d) => d.step))];
    const plan = tryPlan(() => planMove(it.graph, tree, { kind: 'return', from: from.id, to, since }));
    if (!plan) return;
    const after = await carryOut(tree, plan, act.straight ? {} : clearing(it.graph, plan.undone));
    run.moved += 1;
    const fresh = openOf(after).find((o) => o.step === to && !openOf(tree).some((before) => before.task === o.task));
    const threads = plan.cut.some(function has(cut): boolean {
      return cut.threads || cut.inner.some(has);
    });
    if (act.straight && !threads && fresh) waiting = { plan, task: fresh.task, last };
    else undo(plan, last);
  }

  /** Takes back the last answer to a step. */
  async function takeBack(tree: ActivityNode, which: number): Promise<void> {
    const steps = [...new Set(valid.map((d) => d.step))].filter((s) => s in it.answers);
    const to = steps[which % steps.length];
    if (!to) return;
    const { around } = valid.findLast((d) => d.step === to)!;
    const live = new Set(all(tree).map((node) => node.id));
    const last = roundOf(to, { around: around.filter((id) => live.has(id)) });
    const since = [...new Set(valid.slice(last).map((d) => d.step))];
    const request = { kind: 'take-back' as const, to, within: around.toReversed(), since };
    const plan = tryPlan(() => planMove(it.graph, tree, request));
    if (!plan) return;
    await carryOut(tree, plan, clearing(it.graph, plan.undone));
    run.moved += 1;
    undo(plan, last);
  }

  /** Where the last round of a step begins: threads that are entered from outside are all done again. */
  function roundOf(to: string, from: Pick<Open, 'around'>): number {
    const last = valid.findLastIndex((d) => d.step === to);
    const { around } = valid[last]!;
    const outer = around.find((id) => bodies.has(id) && !from.around.includes(id));
    return outer ? valid.findIndex((d) => d.around.includes(outer)) : last;
  }

  async function straightBack(tree: ActivityNode, from: Open): Promise<void> {
    const again = tryPlan(() =>
      planMove(it.graph, tree, { kind: 'straight-back', from: from.id, back: waiting!.plan }),
    );
    if (!again) return answer(from);
    waiting = null;
    await carryOut(tree, again, {});
    run.straight += 1;
  }

  function undo(plan: MovePlan, last: number): void {
    valid = valid.filter(
      (d, i) => i < last || !plan.undone.includes(d.step) || (plan.thread !== null && !d.around.includes(plan.thread)),
    );
  }

  function tryPlan(make: () => MovePlan): MovePlan | null {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof MoveRefused)) throw error;
      run.refused += 1;
      return null;
    }
  }

  async function carryOut(
    before: ActivityNode,
    plan: MovePlan,
    variables: Record<string, string | null>,
  ): Promise<ActivityNode> {
    const timers = await timerJobs(before);
    await port.move(instanceId, instructions({ ...plan, set: variables }));
    const after = await port.tree(instanceId);
    const said = `${line(before)} ${plan.kind} +${plan.start.map((s) => s.activityId).join()} -${plan.cancel.map((c) => c.activityId).join()} → ${line(after)}`;
    const leaves = tokensOf(after).flatMap(leavesOf);
    for (const kept of plan.keep)
      assert.ok(
        leaves.some((l) => l.id === kept.instanceId),
        `${kept.activityId} is kept: ${said}`,
      );
    const old = new Set(
      tokensOf(before)
        .flatMap(leavesOf)
        .map((l) => l.id),
    );
    const fresh = leaves.filter((l) => !old.has(l.id)).map((l) => l.node);
    assert.deepEqual(fresh.sort(), startedBy(plan).sort(), `what was started is open: ${said}`);
    assert.equal(leaves.length, plan.keep.length + fresh.length, `the rest has ended: ${said}`);
    const places = openOf(after).map((o) => `${o.step} ${o.around.at(-1)}`);
    assert.equal(new Set(places).size, places.length, `no step is open twice: ${said}`);
    await checkTimers(after, timers, said);
    return after;
  }

  function startedBy(plan: MovePlan): string[] {
    return plan.start.flatMap(({ activityId }) => {
      const count = activityId === nodeOf({ activityId }) ? null : it.threads[nodeOf({ activityId })]!;
      return count === null ? [activityId] : Array.from({ length: count }, () => firstIn(nodeOf({ activityId })));
    });
  }

  function firstIn(level: string): string {
    const begin = it.graph.nodes.find((n) => n.parent === level && n.type === 'startEvent')!.id;
    const next = it.graph.flows.find((f) => f.from === begin)!.to;
    return it.graph.nodes.find((n) => n.id === next)!.type === 'subProcess' ? firstIn(next) : next;
  }

  /** Boundary timer → jobs, by the instance that it stands on where that is alone. */
  async function timerJobs(tree: ActivityNode): Promise<Map<string, string[]>> {
    const jobs = await port.jobs({ instanceId, kind: 'timer' });
    const found = new Map<string, string[]>();
    for (const { activityId: boundary, id } of jobs) {
      const on = it.graph.nodes.find((n) => n.id === boundary)!.attachedTo!;
      const key = `${boundary} ${all(tree)
        .filter((n) => n.activityId === on)
        .map((n) => n.id)
        .sort()
        .join()}`;
      found.set(key, [...(found.get(key) ?? []), id].sort());
    }
    return found;
  }

  /** Every open step and sub-process has its timer, and what was kept has the same one as before. */
  async function checkTimers(after: ActivityNode, before: Map<string, string[]>, said: string): Promise<void> {
    const now = await timerJobs(after);
    for (const { id, attachedTo } of it.graph.nodes.filter((n) => n.attachedTo)) {
      const on = all(after).filter((n) => n.activityId === attachedTo);
      const jobs =
        now.get(
          `${id} ${on
            .map((n) => n.id)
            .sort()
            .join()}`,
        ) ?? [];
      assert.equal(jobs.length, on.length, `timer ${id}: ${said}`);
      const key = `${id} ${on
        .map((n) => n.id)
        .sort()
        .join()}`;
      if (before.has(key)) assert.deepEqual(jobs, before.get(key), `timer ${id} of what is kept: ${said}`);
    }
  }

  async function finish(): Promise<void> {
    const most = 3 * Object.values(it.visits).reduce((a, b) => a + b, 1);
    for (let i = 0; ; i += 1) {
      const tree = await settled();
      if (!tree) return;
      const [next] = openOf(tree);
      assert.ok(next, `nothing is open: ${line(tree)}`);
      assert.ok(i < most, `not finished after ${i} answers: ${line(tree)}`);
      await answer(next);
    }
  }

  /** Answered as usual, a step that was to be sent straight back is replayed. */
  async function answer({ step, task, around }: Open): Promise<void> {
    const replayed = waiting?.task === task ? waiting : null;
    if (replayed) {
      waiting = null;
      undo(replayed.plan, replayed.last);
    }
    await port.complete(task, {
      ...(replayed && clearing(it.graph, replayed.plan.undone)),
      [`${step}_outcome`]: it.answers[step]!,
    });
    valid.push({ step, around });
  }

  /** The tree when no work is left to do; null when the case has ended. */
  async function settled(): Promise<ActivityNode | null> {
    for (;;) {
      const tree = await port.tree(instanceId).catch(() => null);
      if (!tree) return null;
      for (const node of all(tree)) if (isBody(node)) bodies.add(node.id);
      const works = workIn(tree, []);
      if (works.length === 0) return tree;
      await worker.fetchNow();
      await worker.idle();
      valid.push(...works);
    }
  }

  function workIn(node: ActivityNode, around: string[]): Done[] {
    return node.children.flatMap((child) => {
      const type = it.graph.nodes.find((n) => n.id === child.activityId)?.type;
      return type === 'serviceTask' ? [{ step: child.activityId, around }] : workIn(child, [...around, child.id]);
    });
  }

  function openOf(node: ActivityNode, around: string[] = []): Open[] {
    return node.children
      .flatMap((child) => {
        const task = child.taskIds?.[0];
        return task ? [{ id: child.id, step: child.activityId, task, around }] : openOf(child, [...around, child.id]);
      })
      .sort((a, b) => (a.step < b.step ? -1 : 1));
  }

  function countOf(done: Done[]): Record<string, number> {
    const count: Record<string, number> = {};
    for (const { step } of done) count[step] = (count[step] ?? 0) + 1;
    return count;
  }

  function expected(): Record<string, number> {
    return Object.fromEntries(Object.entries(it.visits).filter(([, times]) => times > 0));
  }
}

const all = (node: ActivityNode): ActivityNode[] => [node, ...node.children.flatMap(all)];

export function line(node: ActivityNode): string {
  const inside = node.children.map((child) => `${child.activityId}${line(child)}`);
  return inside.length > 0 ? `(${inside.sort().join(' ')})` : '';
}
