import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { CompiledFlow, Release } from '../../../contracts/flow.ts';
import { createCamunda7 } from '../../../engine-adapters/camunda7/index.ts';
import { end, flow, model, path, start, timer, user, work } from '../../../engine-adapters/conformance/models.ts';
import { openBench, type BenchEngine } from '../../../engine-adapters/launcher/bench-client.ts';
import type { EnginePort, EngineWorker } from '../../../engine-adapters/port/index.ts';
import { PermanentError } from '../../../engine-adapters/port/index.ts';
import { openTestCore, type TestCore } from '../core/testing.ts';
import { createQuiet } from '../main/quiet.ts';
import { createMoves, type MoveDeps } from '../moves/index.ts';
import {
  createCommands,
  createEvents,
  createIncidents,
  defineTopic,
  startWork,
  type Commands,
  type StepChange,
} from './index.ts';

/** s > a > w > b > w2 > e; a timer on b leads to `late`; `out` is an exit, `extra` a part on demand. */
const MODEL = model('engine-test', [
  start('s'),
  user('a', { groups: 'clerk' }),
  work('w', 'count'),
  user('b', { groups: 'clerk' }),
  timer('bLate', 'b'),
  work('w2', 'count'),
  end('e'),
  end('late'),
  work('out', 'count'),
  end('gone'),
  path('s a w b w2 e'),
  flow('bLate', 'late'),
  flow('out', 'gone'),
  user('extra', { groups: 'clerk' }),
  end('extraDone'),
  flow('extra', 'extraDone'),
]);

const PACKAGE = {
  steps: {
    a: { name: { zh: '受理' }, groups: ['clerk'] },
    extra: { name: { zh: '延期' }, groups: ['clerk'], onDemand: 'extend' },
    b: { name: { zh: '决定' }, groups: ['clerk'] },
  },
  results: {
    e: { result: 'granted', zh: '准予' },
    late: { result: 'withdrawn', zh: '视为撤回' },
    gone: { result: 'withdrawn', zh: '撤回' },
  },
  graph: {
    nodes: [
      { id: 'out', type: 'serviceTask', name: '撤回通知', parent: 'engine-test' },
      { id: 'extra', type: 'userTask', name: '延期', parent: 'engine-test' },
      { id: 'b', type: 'userTask', name: '决定', parent: 'engine-test' },
    ],
    flows: [],
  },
} as unknown as CompiledFlow;

describe('between product and engine', function () {
  this.timeout(60_000);
  let core: TestCore;
  let bench: BenchEngine;
  let port: EnginePort;
  let commands: Commands;
  let quiet: () => Promise<void>;
  let worker: EngineWorker;
  let release: Release;
  let runs: string[];
  let fail: boolean;
  let changes: StepChange[];

  before(async () => {
    core = await openTestCore();
    bench = await (await openBench()).openEngine(core.database);
    port = createCamunda7({ url: bench.url, token: bench.token });
    const own = { ...core, engine: port };
    await core
      .db('office')
      .insert({ code: '52', name: '省局', short_name: '省', level: 'province', division: '520000' });
    await core.db('office_ancestor').insert({ office: '52', ancestor: '52', distance: 0 });
    const deployed = await port.deploy({
      name: 'engine-test',
      files: [{ name: 'engine-test.bpmn', bytes: Buffer.from(MODEL) }],
    });
    const [row] = await core
      .db('release')
      .insert({
        flow: 'engine-test',
        version: 1,
        definition_id: deployed.definitions[0]!.id,
        deployment_id: deployed.deploymentId,
        hash: 'x',
        package: JSON.stringify(PACKAGE),
        released_at: new Date(),
      })
      .returning('*');
    release = {
      id: row.id,
      flow: 'engine-test',
      version: 1,
      definitionId: row.definition_id,
      deploymentId: row.deployment_id,
      package: PACKAGE,
    };
    const incidents = createIncidents(own);
    const moves = createMoves(own, moveDeps);
    commands = createCommands(own, { incidents, moves, onBlocked: () => Promise.resolve() });
    const events = createEvents(own, {
      offerTask: () => Promise.resolve(),
      takeOver: () => Promise.resolve(),
      release: () => Promise.resolve(release),
      incidents,
      readers: [(_, happened) => Promise.resolve(void changes.push(...happened.changes))],
      acknowledgeMove: moves.acknowledge,
    });
    const topic = defineTopic({
      name: 'count',
      title: { zh: '计数', en: 'Count' },
      effect: 'repeat',
      input: z.object({}),
      output: z.object({}),
      errors: [],
      handle: (_, job) => {
        if (fail) throw new PermanentError('broken on purpose');
        runs.push(job.step);
        return Promise.resolve({});
      },
    });
    worker = startWork(
      own,
      { topics: [topic], release: () => Promise.resolve(release), incidents, onFailed: () => Promise.resolve() },
      'test',
    );
    const nothing = () => Promise.resolve();
    const [imports, previews] = [{ pump: nothing }, { pump: nothing }];
    const connectors = { pump: () => Promise.resolve(0) };
    quiet = createQuiet(own, {
      events,
      commands,
      imports,
      previews,
      connectors,
      worker: () => worker,
      runJobs: true,
      tick: nothing,
    });
  });

  const moveDeps: MoveDeps = {
    commands: () => commands,
    audit: { write: () => Promise.resolve({ hash: '' }) },
    release: () => Promise.resolve(release),
    adopt: () => Promise.resolve(),
  };

  beforeEach(() => {
    runs = [];
    changes = [];
    fail = false;
  });

  after(async () => {
    await worker?.stop();
    await port?.close();
    await bench?.close();
    await core?.close();
  });

  async function startCase(): Promise<string> {
    const id = randomUUID();
    const command = await core.db.transaction(async (trx) => {
      await trx('case').insert({
        id,
        number: `T-${id.slice(0, 8)}`,
        flow: 'engine-test',
        release_id: release.id,
        title: 't',
        subject_name: 's',
        office: '52',
        starter: randomUUID(),
        received_at: new Date('2026-11-20T02:00:00Z'),
      });
      return commands.add(trx, {
        caseId: id,
        kind: 'start',
        payload: { definitionId: release.definitionId, variables: { a_outcome: null } },
      });
    });
    await commands.send(command);
    await quiet();
    return id;
  }

  const openTask = (id: string, step?: string) =>
    core
      .db('task')
      .where({ case_id: id, ...(step && { step }) })
      .whereNull('ended_at')
      .first();

  async function decide(id: string, at = new Date(), step?: string): Promise<string> {
    const task = await openTask(id, step);
    const [command, decision] = await core.db.transaction(async (trx) => {
      const [d] = await trx('decision')
        .insert({ task_id: task.id, case_id: id, step: task.step, outcome: 'ok', decided_at: at })
        .returning('id');
      return [
        await commands.add(trx, {
          caseId: id,
          kind: 'complete',
          payload: { taskId: task.id, variables: { [`${task.step}_outcome`]: 'ok' } },
          decisionId: d.id,
        }),
        d.id,
      ];
    });
    await commands.send(command);
    return decision;
  }

  it('walks a case to its end: tasks with groups, acknowledged decisions, legal moments, work done once [PLT-3.1]', async () => {
    const id = await startCase();
    const task = await openTask(id);
    assert.equal(task.step, 'a');
    assert.deepEqual((await core.db('task_group').where({ task_id: task.id }).pluck('grp')).sort(), [
      'clerk@52',
      'clerk@52*',
    ]);
    const click = new Date('2026-11-20T03:00:00Z');
    const decision = await decide(id, click);
    assert.equal((await core.db('decision').where({ id: decision }).first()).state, 'done');
    await quiet();
    const left = changes.find((c) => c.kind === 'left' && c.step === 'a');
    assert.equal(left?.at.toISOString(), click.toISOString(), 'the moment is that of the click');
    assert.deepEqual(runs, ['w']);
    await decide(id);
    await quiet();
    const row = await core.db('case').where({ id }).first();
    assert.equal(row.state, 'closed');
    assert.equal(row.result, 'granted');
    assert.deepEqual(runs, ['w', 'w2']);
    const open = await core.db('step_visit').where({ case_id: id }).whereNull('left_at').pluck('step');
    assert.deepEqual(open, [], 'nothing of a closed case is live, its start and its end neither');
  });

  it('starts once when the answer is lost, and does not start again', async () => {
    const id = await startCase();
    const { number } = await core.db('case').where({ id }).first();
    const again = await core.db.transaction((trx) =>
      commands.add(trx, { caseId: id, kind: 'start', payload: { definitionId: release.definitionId, variables: {} } }),
    );
    await core.db('case').where({ id }).update({ started_at: null });
    await commands.send(again);
    assert.equal((await core.db('command').where({ id: again }).first()).state, 'done');
    assert.equal(
      (await core.db('task').where({ case_id: id }).count('* as n').first())!.n,
      '1',
      `one instance of ${number}`,
    );
  });

  it('says overtaken when the task ended otherwise, by a timer at its due date', async () => {
    const id = await startCase();
    await decide(id);
    await quiet();
    const task = await openTask(id);
    const timerRow = await core.db('clock_timer').where({ case_id: id }).whereNull('ended_tx').first();
    assert.equal(timerRow.boundary, 'bLate');
    const due = new Date('2026-11-21T16:00:00Z');
    const set = await core.db.transaction((trx) =>
      commands.add(trx, { caseId: id, kind: 'timer', payload: { jobId: timerRow.job_id, due: due.toISOString() } }),
    );
    await commands.send(set);
    const [decision] = await core
      .db('decision')
      .insert({ task_id: task.id, case_id: id, step: 'b', outcome: 'ok', decided_at: new Date() })
      .returning('id');
    await port.executeJob(timerRow.job_id);
    assert.equal((await core.db('decision').where({ id: decision.id }).first()).state, 'overtaken');
    await quiet();
    const row = await core.db('case').where({ id }).first();
    assert.equal(row.result, 'withdrawn');
    assert.equal(row.closed_at.toISOString(), due.toISOString(), 'the moment is the due date that the timer stood for');
  });

  it('sends a command for whoever waits for it also where another copy has what goes before it in hand [PLT-1.2]', async () => {
    const id = await startCase();
    const timer = { caseId: id, kind: 'timer', payload: { jobId: randomUUID(), due: null } } as const;
    const [first, second] = await core.db.transaction(async (trx) => [
      await commands.add(trx, timer),
      await commands.add(trx, timer),
    ]);
    const lease = (until: string) =>
      core
        .db('command')
        .where({ id: first })
        .update({ leased_until: core.db.raw(until) });
    await lease(`clock_timestamp() + interval '1 hour'`);
    const sent = commands.send(second);
    await lease('clock_timestamp()');
    await sent;
    const states = await core.db('command').whereIn('id', [first, second]).pluck('state');
    assert.deepEqual(states, ['dropped', 'dropped'], 'the job of both is gone');
  });

  it('makes failed work an incident and keeps the case', async () => {
    fail = true;
    const id = await startCase();
    await decide(id);
    await quiet();
    const incident = await core.db('incident').where({ case_id: id }).first();
    assert.equal(incident.kind, 'work');
    assert.match(incident.code, /^E-/);
    fail = false;
    await port.retryWork(incident.ref, 3);
    await quiet();
    assert.equal((await openTask(id)).step, 'b');
  });

  it('starts a part on demand beside the main flow, once, and ends with the result of the main flow [PLT-5.2]', async () => {
    const id = await startCase();
    const moves = createMoves({ ...core, engine: port }, moveDeps);
    const begin = () =>
      core.db.transaction((trx) => moves.startPart(trx, { caseId: id, step: 'extra', by: null, reason: '延期' }));
    const { commandId, moveId } = await begin();
    await assert.rejects(begin(), { code: 'case-moving' });
    await commands.send(commandId);
    await assert.rejects(begin(), { code: 'part-open' });
    await quiet();
    const steps = await core.db('task').where({ case_id: id }).whereNull('ended_at').pluck('step');
    assert.deepEqual(steps.sort(), ['a', 'extra']);
    assert.equal((await core.db('move').where({ id: moveId }).first()).state, 'done');
    await core.db('command').where({ id: commandId }).update({ state: 'queued', leased_until: '-infinity' });
    await core.db('move').where({ id: moveId }).update({ state: 'queued' });
    await commands.send(commandId);
    assert.equal(
      (await port.tree((await core.db('case').where({ id }).first()).engine_instance_id)).children.length,
      2,
    );
    for (const step of ['a', 'b', 'extra']) {
      await decide(id, new Date(), step);
      await quiet();
    }
    const row = await core.db('case').where({ id }).first();
    assert.deepEqual([row.state, row.result], ['closed', 'granted']);
  });

  it('leaves by an exit with one modification and closes the case', async () => {
    const id = await startCase();
    const moves = createMoves({ ...core, engine: port }, moveDeps);
    const row = await core.db('case').where({ id }).first();
    const plan = await moves.plan(row, release, { kind: 'exit', to: 'out' });
    assert.deepEqual(
      plan.cancel.map((c) => c.activityId),
      ['a'],
    );
    const asked = new Date();
    const { commandId, moveId } = await core.db.transaction(async (trx) =>
      moves.request(trx, await trx('case').where({ id }).forUpdate().first(), {
        plan,
        actor: randomUUID(),
        reason: '不办了',
        at: asked,
      }),
    );
    await commands.send(commandId);
    await quiet();
    const after = await core.db('case').where({ id }).first();
    assert.equal(after.result, 'withdrawn');
    assert.equal(after.moving, null);
    assert.equal((await core.db('move').where({ id: moveId }).first()).state, 'done');
  });
});
