/** For tests: drives a generated case on the engine, moves it, and holds each move against what its plan said. */
import assert from 'node:assert/strict';
import {
  NEVER,
  type ActivityNode,
  type EnginePort,
  type EngineWorker,
} from '../../../../engine-adapters/port/index.ts';
import { isBody, leavesOf, modelOf, nodeOf, tokensOf } from '../live.ts';
import { obstacles } from '../migration.ts';
import { clearing, instructions, MoveRefused, planMove, type MovePlan, type MoveRequest } from '../plan.ts';
import { createBook, type Entry } from './book.ts';
import { CLOSING, EXIT, PART, type Generated } from './models.ts';

/** What a test does: choices are taken modulo what there is to choose from. */
export type Act =
  | { do: 'answer' | 'fire'; at: number }
  | { do: 'return'; at: number; to: number; straight: boolean }
  | { do: 'take-back'; to: number }
  | { do: 'part' | 'exit' | 'migrate' };

const COUNTED = ['moved', 'refused', 'straight', 'fired', 'parts', 'exits', 'migrated'] as const;
export type Run = Record<(typeof COUNTED)[number], number>;
export const noRun = (): Run => Object.fromEntries(COUNTED.map((what) => [what, 0])) as Run;

interface Open {
  id: string;
  step: string;
  task: string;
  /** Instances of the sub-processes around it, outermost first. */
  around: string[];
}

export interface Driven {
  definitionId: string;
  /** The release that a migration puts it on. */
  next: { model: Generated; definitionId: string };
  key: string;
  acts: Act[];
}

/** Carries the acts out, then finishes the case; fails where the oracle (RULES, Decisions and moves) does not hold. */
export async function drive(
  port: EnginePort,
  worker: EngineWorker,
  begun: Generated,
  { definitionId, next, key, acts }: Driven,
): Promise<Run> {
  let it = begun;
  const { instanceId } = await port.start({ definitionId, businessKey: key, variables: it.variables });
  const run = noRun();
  const book = createBook();
  /** Job → the date that the clock gave its timer. */
  const dates = new Map<string, number>();
  /** Boundary timer and the instances that it is on → jobs. */
  const timersAt = new Map<string, string[]>();
  /** Boundary timers that have fired and left their step open. */
  const spent = new Set<string>();
  /** The return that waits for its corrector to send it straight back. */
  let waiting = null as { plan: MovePlan; task: string; last: Entry } | null;
  /** Out by an exit. */
  let gone = false;
  /** What was done last, for messages. */
  let said = 'the start';

  for (const act of acts) {
    const tree = await settled();
    if (!tree) break;
    const open = openOf(tree);
    const corrector = open.find((o) => o.task === waiting?.task);
    const at = (which: number): Open => open[which % open.length]!;
    switch (act.do) {
      case 'answer':
        await answer(at(act.at));
        break;
      case 'fire':
        await fire(tree, act.at);
        break;
      case 'return':
        await (corrector ? straightBack(tree, corrector) : goBack(tree, at(act.at), act));
        break;
      case 'take-back':
        if (!waiting) await takeBack(tree, act.to);
        break;
      case 'part':
        await startPart(tree, open);
        break;
      case 'exit':
        await leave(tree);
        break;
      case 'migrate':
        await migrate(tree);
    }
  }
  await finish();
  assert.deepEqual(
    book.finished(),
    book.expected(it.visits),
    'finished visits that stand are those of a run without moves',
  );
  return run;

  async function goBack(tree: ActivityNode, from: Open, act: Act & { do: 'return' }): Promise<void> {
    const targets = book.steps().filter((step) => step in it.answers);
    const to = targets[act.to % targets.length];
    if (!to) return;
    const last = book.roundOf(to, from.around);
    const plan = tryPlan(tree, { kind: 'return', from: from.id, to, since: book.since(last) });
    if (!plan) return;
    const after = await carryOut(tree, plan, act.straight ? {} : clearing(it.graph, plan.undone));
    run.moved += 1;
    const fresh = openOf(after).find((o) => o.step === to && !openOf(tree).some((before) => before.task === o.task));
    const threads = plan.cut.some(function has(cut): boolean {
      return cut.threads || cut.inner.some(has);
    });
    if (act.straight && !threads && fresh) waiting = { plan, task: fresh.task, last };
    else book.undo(plan, last);
  }

  /** Takes back the last answer to a step. */
  async function takeBack(tree: ActivityNode, which: number): Promise<void> {
    const steps = book.steps().filter((step) => step in it.answers);
    const to = steps[which % steps.length];
    if (!to) return;
    const around = book.last(to).around;
    const live = new Set(all(tree).map((node) => node.id));
    const last = book.roundOf(
      to,
      around.filter((id) => live.has(id)),
    );
    const plan = tryPlan(tree, { kind: 'take-back', to, within: around.toReversed(), since: book.since(last) });
    if (!plan) return;
    await carryOut(tree, plan, clearing(it.graph, plan.undone));
    run.moved += 1;
    book.undo(plan, last);
  }

  async function straightBack(tree: ActivityNode, from: Open): Promise<void> {
    const again = tryPlan(tree, { kind: 'straight-back', from: from.id, back: waiting!.plan });
    if (!again) return answer(from);
    waiting = null;
    await carryOut(tree, again, {});
    run.straight += 1;
  }

  async function startPart(tree: ActivityNode, open: Open[]): Promise<void> {
    if (gone || open.some(({ step }) => step === PART)) return;
    await carryOut(tree, planMove(it.graph, tree, { kind: 'part', to: PART }), {});
    book.more(PART, 1);
    run.parts += 1;
  }

  async function leave(tree: ActivityNode): Promise<void> {
    if (gone) return;
    await carryOut(tree, planMove(it.graph, tree, { kind: 'exit', to: EXIT }), {});
    gone = true;
    waiting = null;
    book.only(EXIT);
    run.exits += 1;
  }

  async function migrate(tree: ActivityNode): Promise<void> {
    if (it === next.model) return;
    if (obstacles(modelOf(it.graph), modelOf(next.model.graph), tree).length > 0) return void (run.refused += 1);
    await port.migrate({
      instanceId,
      fromDefinition: definitionId,
      toDefinition: next.definitionId,
      variables: next.model.variables,
    });
    assert.equal(line(await port.tree(instanceId)), line(tree), 'a migration ends and starts nothing');
    it = next.model;
    // The main flow has ended; a part keeps the case open.
    if (openOf(tree).every(({ step }) => step === PART)) book.more(CLOSING, -1);
    said = 'the migration';
    run.migrated += 1;
  }

  /** Lets a boundary timer fire, as at the end of a limit. */
  async function fire(tree: ActivityNode, which: number): Promise<void> {
    const jobs = await port.jobs({ instanceId, kind: 'timer' });
    const job = jobs[which % jobs.length];
    if (!job) return;
    const timer = it.timers[job.activityId]!;
    const open = openOf(tree);
    // A second one beside the first is what the model would do by itself; no move has to keep it from that.
    if (open.some(({ step }) => step === timer.begins)) return;
    await port.executeJob(job.id);
    const after = await port.tree(instanceId);
    const { around } = openOf(after).find(({ step }) => step === timer.begins)!;
    const scope = around.at(-1) ?? tree.id;
    if (timer.beside) spent.add(`${job.activityId} ${onIn(tree, timer.on, scope).id}`);
    if (waiting && !openOf(after).some(({ task }) => task === waiting!.task)) replay();
    book.fired(timer, around);
    said = `${job.activityId} fired`;
    run.fired += 1;
  }

  function tryPlan(tree: ActivityNode, request: MoveRequest): MovePlan | null {
    try {
      return planMove(it.graph, tree, request);
    } catch (error) {
      if (!(error instanceof MoveRefused)) throw error;
      run.refused += 1;
      return null;
    }
  }

  /** The corrected step goes on as usual: what the return undid is done again. */
  function replay(): MovePlan {
    const { plan, last } = waiting!;
    waiting = null;
    book.undo(plan, last);
    return plan;
  }

  async function carryOut(
    before: ActivityNode,
    plan: MovePlan,
    variables: Record<string, string | null>,
  ): Promise<ActivityNode> {
    await port.move(instanceId, instructions({ ...plan, set: variables }));
    const after = await port.tree(instanceId);
    said = `${line(before)} ${plan.kind} +${plan.start.map((s) => s.activityId).join()} -${plan.cancel.map((c) => c.activityId).join()} → ${line(after)}`;
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

  /**
   * Every open step and sub-process has its timers. A timer of what stands is the same one, with the date that the clock
   * gave it; one of what was entered anew has lost its date, and gets one.
   */
  async function checkTimers(tree: ActivityNode): Promise<void> {
    const boundaries = Object.entries(it.timers);
    if (boundaries.length === 0) return;
    const jobs = await port.jobs({ instanceId, kind: 'timer' });
    for (const [boundary, { on }] of boundaries) {
      const own = jobs.filter((job) => job.activityId === boundary);
      const due = all(tree).filter((node) => node.activityId === on && !spent.has(`${boundary} ${node.id}`));
      assert.equal(own.length, due.length, `timers ${boundary} after ${said}: ${line(tree)}`);
      const place = `${boundary} ${due
        .map(({ id }) => id)
        .sort()
        .join()}`;
      const ids = own.map(({ id }) => id).sort();
      if (due.length > 0) assert.deepEqual(ids, timersAt.get(place) ?? ids, `timer ${boundary} stands after ${said}`);
      timersAt.set(place, ids);
    }
    for (const { id, due } of jobs) {
      assert.equal(due?.getTime(), dates.get(id) ?? Date.parse(NEVER), `date of a timer after ${said}`);
      if (dates.has(id)) continue;
      const date = new Date(Date.UTC(2030, 0, 1 + dates.size));
      await port.setJobDue(id, date);
      dates.set(id, date.getTime());
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
    const replayed = waiting?.task === task ? replay() : null;
    await port.complete(task, {
      ...(replayed && clearing(it.graph, replayed.undone)),
      [`${step}_outcome`]: it.answers[step]!,
    });
    book.finish(step, around);
    book.forgetOpen(it.aborts[step] ?? [], around);
    said = `${step} was answered`;
  }

  /** The tree when no work is left to do; null when the case has ended. */
  async function settled(): Promise<ActivityNode | null> {
    for (;;) {
      const tree = await port.tree(instanceId).catch(() => null);
      if (!tree) return null;
      for (const node of all(tree)) if (isBody(node)) book.body(node.id);
      const works = workIn(tree, []);
      if (works.length === 0) {
        await checkTimers(tree);
        return tree;
      }
      await worker.fetchNow();
      await worker.idle();
      for (const { step, around } of works) book.finish(step, around);
    }
  }

  function workIn(node: ActivityNode, around: string[]): { step: string; around: string[] }[] {
    return node.children.flatMap((child) => {
      const type = it.graph.nodes.find((n) => n.id === child.activityId)?.type;
      return type === 'serviceTask' ? [{ step: child.activityId, around }] : workIn(child, [...around, child.id]);
    });
  }
}

function openOf(node: ActivityNode, around: string[] = []): Open[] {
  return node.children
    .flatMap((child) => {
      const task = child.taskIds?.[0];
      return task ? [{ id: child.id, step: child.activityId, task, around }] : openOf(child, [...around, child.id]);
    })
    .sort((a, b) => (a.step < b.step ? -1 : 1));
}

/** The instance of an element right in a scope. */
function onIn(tree: ActivityNode, element: string, scope: string): ActivityNode {
  const parent = all(tree).find(({ id }) => id === scope)!;
  return parent.children.find(({ activityId }) => activityId === element)!;
}

const all = (node: ActivityNode): ActivityNode[] => [node, ...node.children.flatMap(all)];

export function line(node: ActivityNode): string {
  const inside = node.children.map((child) => `${child.activityId}${line(child)}`);
  return inside.length > 0 ? `(${inside.sort().join(' ')})` : '';
}
