import assert from 'node:assert/strict';
import type { Graph } from '../../../contracts/flow.ts';
import { createCamunda7 } from '../../../engine-adapters/camunda7/index.ts';
import { createKit, type Case, type Kit } from '../../../engine-adapters/conformance/index.ts';
import { openBench, type BenchDatabase, type BenchEngine } from '../../../engine-adapters/launcher/bench-client.ts';
import { EngineError, type EnginePort } from '../../../engine-adapters/port/index.ts';
import {
  clearing,
  instructions,
  MoveRefused,
  namesCancelled,
  planMove,
  signature,
  type MovePlan,
  type MoveRequest,
} from './plan.ts';
import { sketch, xmlOf } from './testing/xml.ts';

const parallel = { fork: { type: 'parallelGateway' }, join: { type: 'parallelGateway' } };
const branches = 'start pre fork a join c end; fork b join';

/** What goes wrong on the engine when a move is planned by feel (ENGINE.md 6, 17); each on the real engine. */
describe('planned moves on the engine [PLT-1.3, PLT-1.4]', function () {
  this.timeout(60_000);
  let database: BenchDatabase;
  let engine: BenchEngine;
  let port: EnginePort;
  let kit: Kit;
  let models = 0;

  before(async () => {
    const bench = await openBench();
    database = await bench.createDatabase();
    engine = await bench.openEngine(database);
    port = createCamunda7({ url: engine.url, token: engine.token });
    kit = createKit(port);
  });
  after(async () => {
    await port?.close();
    await engine?.close();
    await database?.drop();
  });

  async function begin(graph: Graph, more: Record<string, string> = {}): Promise<Case> {
    const key = `planned${(models += 1)}`;
    const files = [{ name: `${key}.bpmn`, bytes: new TextEncoder().encode(xmlOf(graph, key)) }];
    const { definitions } = await port.deploy({ name: key, files });
    const tasks = graph.nodes.filter((node) => node.type === 'userTask');
    const outcomes = Object.fromEntries(tasks.map(({ id }) => [`${id}_outcome`, null]));
    return kit.begin(definitions[0]!.id, { ...outcomes, ...more });
  }
  const plan = async (graph: Graph, it: Case, request: MoveRequest) => planMove(graph, await port.tree(it.id), request);
  const carryOut = (graph: Graph, it: Case, planned: MovePlan) =>
    port.move(it.id, instructions({ ...planned, set: clearing(graph, planned.undone) }));
  async function sendBack(graph: Graph, it: Case, from: string, to: string): Promise<MovePlan> {
    const planned = await plan(graph, it, { kind: 'return', from: (await kit.node(it, from)).id, to });
    await carryOut(graph, it, planned);
    return planned;
  }

  it('leave no stale token that fires a join early', async () => {
    const graph = sketch({ process: branches }, parallel);
    const it = await begin(graph);
    await kit.complete(it, 'pre a');
    const { cancel } = await sendBack(graph, it, 'b', 'pre');
    assert.deepEqual(cancel.map((c) => c.activityId).sort(), ['b', 'join']);
    await kit.complete(it, 'pre a');
    assert.equal(await kit.shape(it), '(b join)');
    await kit.complete(it, 'b c');
    assert.equal(await kit.state(it), 'completed');
  });

  it('leave no inclusive join that nobody evaluates again', async () => {
    const inclusive = { fork: { type: 'inclusiveGateway' }, join: { type: 'inclusiveGateway' } };
    const graph = sketch({ process: `${branches}; fork join` }, inclusive, {
      'fork-a': { condition: `pre_outcome == 'both'` },
      'fork-b': { condition: `pre_outcome == 'both'` },
      'fork-join': { default: true },
    });
    const it = await begin(graph);
    const both = { pre_outcome: 'both' };
    await kit.complete(it, 'pre', both);
    await kit.complete(it, 'a');
    const { cancel } = await sendBack(graph, it, 'b', 'pre');
    assert.deepEqual(cancel.map((c) => c.activityId).sort(), ['b', 'join']);
    await kit.complete(it, 'pre', both);
    await kit.complete(it, 'a b');
    assert.equal(await kit.shape(it), '(c)');
    await sendBack(graph, it, 'c', 'a');
    await kit.complete(it, 'a');
    assert.equal(await kit.shape(it), '(c)', 'what the other branch did stands');
  });

  it('go straight back behind a join, with the token that the return had put there', async () => {
    const graph = sketch({ process: branches }, parallel);
    const it = await begin(graph);
    await kit.complete(it, 'pre a b');
    const back = await sendBack(graph, it, 'c', 'b');
    assert.equal(await kit.shape(it), '(b join)');
    const from = (await kit.node(it, 'b')).id;
    await carryOut(graph, it, await plan(graph, it, { kind: 'straight-back', from, back }));
    assert.equal(await kit.shape(it), '(c)');
    await kit.complete(it, 'c');
    assert.equal(await kit.state(it), 'completed');
  });

  it('keep the scope, so that its timer does not start from zero', async () => {
    const graph = sketch(
      { process: 'start sub end; late after end2', sub: 'start2 a b end3' },
      { sub: { type: 'subProcess' }, late: { type: 'boundaryEvent', attachedTo: 'sub' } },
    );
    const it = await begin(graph);
    await kit.complete(it, 'a');
    const [job] = await port.jobs({ instanceId: it.id });
    await port.setJobDue(job!.id, new Date('2030-01-02T00:00:00Z'));
    const moved = await port.jobs({ instanceId: it.id });
    await sendBack(graph, it, 'b', 'a');
    assert.equal(await kit.shape(it), '(sub(a))');
    assert.deepEqual(await port.jobs({ instanceId: it.id }), moved);
  });

  it('make the timer of a step anew when it is entered again: its moved date is lost and has to be set', async () => {
    const graph = sketch(
      { process: 'start a b end; late after end2' },
      { late: { type: 'boundaryEvent', attachedTo: 'a' } },
    );
    const it = await begin(graph);
    const [job] = await port.jobs({ instanceId: it.id });
    await port.setJobDue(job!.id, new Date('2030-01-02T00:00:00Z'));
    await kit.complete(it, 'a');
    await sendBack(graph, it, 'b', 'a');
    const [anew] = await port.jobs({ instanceId: it.id });
    assert.notEqual(anew!.id, job!.id);
    assert.equal(anew!.due?.getUTCFullYear(), 9999);
  });

  it('start something that waits first, so that no case is deleted with its last token', async () => {
    const graph = sketch({ process: 'start pre c end; leave end2; end9' });
    for (const [request, end] of [
      [{ kind: 'exit' as const, to: 'leave' }, 'leave'],
      [{ kind: 'return' as const, to: 'pre', from: '' }, 'pre c'],
    ] as const) {
      const it = await begin(graph);
      await kit.complete(it, 'pre');
      const from = (await kit.node(it, 'c')).id;
      await carryOut(graph, it, await plan(graph, it, request.kind === 'return' ? { ...request, from } : request));
      assert.equal(await kit.state(it), 'active');
      await kit.complete(it, end);
      assert.equal(await kit.state(it), 'completed');
    }
    const it = await begin(graph);
    await assert.rejects(plan(graph, it, { kind: 'exit', to: 'end9' }), RangeError);
  });

  it('begin no threads again beside those that live', async () => {
    const graph = sketch(
      { process: 'start sub c end; extra end9', sub: 'start2 x end3' },
      { sub: { type: 'subProcess', thread: { list: 'list', element: 'element' } } },
    );
    const it = await begin(graph, { list: 'a,b' });
    const [first] = await kit.nodes(it, 'x');
    await port.complete(first!.taskIds![0]!, {});
    // What is left of the first in the engine is nothing that a move keeps.
    assert.equal(await kit.shape(it), '(sub#multiInstanceBody(sub(x) ~sub))');
    const { keep } = await plan(graph, it, { kind: 'part', to: 'extra' });
    assert.deepEqual(
      keep.map(({ activityId }) => activityId),
      ['x'],
    );
    await assert.rejects(plan(graph, it, { kind: 'take-back', to: 'x', within: [first!.id] }), MoveRefused);
    const away = await plan(graph, await begin(graph, { list: 'a,b' }), { kind: 'exit', to: 'extra' });
    assert.deepEqual(namesCancelled(away), ['sub（x）'], 'the time line names what ends with the sub-process, once');
  });

  it('clear the outcome of an undone step, so that it steers no gateway of the replay', async () => {
    const gateways = ['g', 'm', 'h'].map((id) => [id, { type: 'exclusiveGateway' }] as const);
    const graph = sketch({ process: 'start a g b m c h end; g m; h d end' }, Object.fromEntries(gateways), {
      'g-b': { condition: `a_outcome == 'deep'` },
      'g-m': { default: true },
      'h-d': { condition: `b_outcome == 'no'` },
      'h-end': { default: true },
    });
    const it = await begin(graph);
    await kit.complete(it, 'a', { a_outcome: 'deep' });
    await kit.complete(it, 'b', { b_outcome: 'no' });
    await sendBack(graph, it, 'c', 'a');
    await kit.complete(it, 'a', { a_outcome: 'flat' });
    await kit.complete(it, 'c');
    assert.equal(await kit.state(it), 'completed', 'd is for cases in which b said no');
  });

  it('made on a tree that has changed are known as such, and do nothing when they are sent all the same', async () => {
    const graph = sketch({ process: branches }, parallel);
    const it = await begin(graph);
    await kit.complete(it, 'pre');
    const planned = await plan(graph, it, { kind: 'return', from: (await kit.node(it, 'b')).id, to: 'pre' });
    await kit.complete(it, 'a');
    assert.notEqual(signature(await port.tree(it.id)), planned.tree);
    await assert.rejects(
      carryOut(graph, it, planned),
      (error: unknown) => error instanceof EngineError && error.kind === 'gone',
    );
    assert.equal(await kit.shape(it), '(b join)');
  });

  it('let a refusal inside a parallel branch end the case: the join blocks nothing', async () => {
    const graph = sketch(
      { process: `${branches.replace('fork b join', 'fork b g join')}; g endRefused` },
      { ...parallel, g: { type: 'exclusiveGateway' }, endRefused: { type: 'endEvent', end: 'terminate' } },
      { 'g-join': { default: true }, 'g-endRefused': { condition: `b_outcome == 'refuse'` } },
    );
    const it = await begin(graph);
    await kit.complete(it, 'pre a');
    await sendBack(graph, it, 'b', 'pre');
    await kit.complete(it, 'pre a');
    await kit.complete(it, 'b', { b_outcome: 'refuse' });
    assert.equal(await kit.state(it), 'completed');
  });
});
