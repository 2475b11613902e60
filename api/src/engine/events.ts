/**
 * What happened in the engine, from the queue that its triggers fill. A worker takes a case, handles all its visible
 * events and deletes them in one transaction. There is no "last id": ids are not in commit order (ENGINE.md 2).
 * Handlers only write rows; setting a timer's date is a command like any other.
 */
import type { Knex } from 'knex';
import type { Release } from '../../../contracts/flow.ts';
import type { Core } from '../core/index.ts';
import type { Incidents } from './incidents.ts';
import type { CaseRow } from './topic.ts';

/** A change of a case as clocks and other readers want it; `at` is the legal moment (architecture 5.7). */
export interface StepChange {
  kind: 'started' | 'entered' | 'left' | 'boundary' | 'outcome' | 'served' | 'ended';
  step: string;
  visit: number;
  at: Date;
  how?: 'done' | 'cancelled' | 'ended';
  outcome?: string;
  taskId?: string;
  document?: string;
}

export interface CaseEnd {
  at: Date;
  /** What the end event's `result` says; null when the instance was deleted. */
  result: string | null;
  resultTitle: string | null;
}

/** Somebody who keeps rows up to date with what happened; called in the transaction of the events. */
export interface EventReader {
  (
    trx: Knex.Transaction,
    happened: { case: CaseRow; release: Release; changes: StepChange[]; closed?: CaseEnd },
  ): Promise<void>;
}

export interface Events {
  /** Handles every case that has events; returns how many cases were handled. */
  drain(): Promise<number>;
}

export interface EngineEvent {
  id: string;
  tx: string;
  kind: 'enter' | 'leave' | 'end';
  how: number;
  act_inst: string;
  parent_act_inst: string | null;
  act_id: string;
  act_type: string;
  task_id: string | null;
  at: Date;
}

export interface EventDeps {
  release(id: string): Promise<Release>;
  incidents: Incidents;
  readers: EventReader[];
  /** Offers a task that was entered, or opens an incident where nobody may act on it. */
  /** A step is entered again: what was begun in its last visit goes on. */
  takeOver(trx: Knex.Transaction, row: CaseRow, event: EngineEvent): Promise<void>;
  offerTask(trx: Knex.Transaction, entered: { row: CaseRow; release: Release; taskId: string }): Promise<unknown>;
  /** Recognises the engine transaction of a move and acknowledges it; the moment when it was asked for, or null. */
  acknowledgeMove(trx: Knex.Transaction, caseId: string, tx: string, group: EngineEvent[]): Promise<Date | null>;
}

/**
 * What was entered and left in one transaction (starts, gateways, ends) is left after it was entered; everything else
 * is left before anything is entered, as it comes.
 */
export function paired<E extends Pick<EngineEvent, 'kind' | 'act_inst'>>(group: E[]): E[] {
  const entered = new Set(group.filter((e) => e.kind === 'enter').map((e) => e.act_inst));
  const passed = new Map(
    group.filter((e) => e.kind === 'leave' && entered.has(e.act_inst)).map((e) => [e.act_inst, e]),
  );
  return group
    .filter((e) => !(e.kind === 'leave' && passed.has(e.act_inst)))
    .flatMap((e) => {
      const leave = e.kind === 'enter' ? passed.get(e.act_inst) : undefined;
      return leave ? [e, leave] : [e];
    });
}

/** Gateways end with 0, what a terminate end takes along with 2 (ENGINE.md section 24). */
const HOW = { 0: 'done', 1: 'ended', 2: 'cancelled', 4: 'done' } as const;
/** Containers and threads come and go with what is in them; lists and clocks look at the steps. */
const NOT_A_STEP = new Set(['process', 'multiInstanceBody']);

export function createEvents(core: Core, deps: EventDeps): Events {
  const { db, failpoints } = core;

  return {
    async drain() {
      let handled = 0;
      for (;;) {
        const roots: { root: string }[] = await db('engine_event').distinct('root').limit(200);
        let here = 0;
        for (const { root } of roots) if (await handleRoot(root)) here += 1;
        handled += here;
        if (here === 0) return handled;
      }
    },
  };

  /** False when another worker has this case. */
  async function handleRoot(root: string): Promise<boolean> {
    try {
      return await db.transaction(async (trx) => {
        const { rows: locks } = await trx.raw(
          `select pg_try_advisory_xact_lock(hashtextextended('event:' || ?, 0)) as mine`,
          [root],
        );
        if (!locks[0].mine) return false;
        const events: EngineEvent[] = await trx('engine_event')
          .where({ root })
          .orderBy('tx')
          .orderByRaw(`case kind when 'leave' then 0 when 'enter' then 1 else 2 end, sequence, id`);
        if (events.length === 0) return false;
        // Lock order: case, then tasks and the rest. Others may add rows of the case meanwhile: work that has written its
        // line in the file and then adds a document would wait for this one, which waits for the end of the file.
        const found: CaseRow | undefined = await trx('case')
          .where({ engine_instance_id: root })
          .forNoKeyUpdate()
          .first();
        if (found) await apply(trx, found, events);
        await failpoints.hit('events.commit.before');
        await trx('engine_event')
          .whereIn(
            'id',
            events.map((e) => e.id),
          )
          .delete();
        return true;
      });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      core.log.error(
        { root, error: message, stack: error instanceof Error ? error.stack : undefined },
        'events of a case were not handled',
      );
      const c = await db('case').where({ engine_instance_id: root }).first('id');
      await deps.incidents.open(db, { kind: 'event', ref: root, caseId: c?.id, message });
      return false;
    }
  }

  async function apply(trx: Knex.Transaction, row: CaseRow, events: EngineEvent[]): Promise<void> {
    const release = await deps.release(row.release_id);
    const changes: StepChange[] = [];
    let closed: CaseEnd | undefined;
    const txs = [...new Set(events.map((e) => e.tx))];
    for (const tx of txs) {
      const group = paired(events.filter((e) => e.tx === tx));
      const at = await momentOf(trx, row, tx, group);
      for (const event of group) {
        if (event.kind === 'end') closed = await end(trx, row, release, event, at);
        else if (NOT_A_STEP.has(event.act_type)) continue;
        else if (event.kind === 'leave') changes.push(...(await left(trx, event, tx, at)));
        else changes.push(await entered(trx, row, release, event, { at, group }));
      }
    }
    if (closed) await close(trx, row, closed);
    else await describe(trx, row, release);
    for (const read of deps.readers) await read(trx, { case: row, release, changes, ...(closed && { closed }) });
    await deps.incidents.close(trx, 'event', row.engine_instance_id ?? '');
  }

  /** The legal moment of an engine transaction: the click, the due date that a timer stood for, else its own time. */
  async function momentOf(trx: Knex.Transaction, row: CaseRow, tx: string, group: EngineEvent[]): Promise<Date> {
    const decided = await trx('decision')
      .whereRaw('tx = ?::xid8', [tx])
      .where({ case_id: row.id, state: 'done' })
      .first('decided_at');
    if (decided) return decided.decided_at;
    const boundaries = group.filter((e) => e.act_type.startsWith('boundary')).map((e) => e.act_id);
    if (boundaries.length > 0) {
      const timer = await trx('clock_timer')
        .whereRaw('ended_tx = ?::xid8', [tx])
        .where({ case_id: row.id })
        .whereIn('boundary', boundaries)
        .first('due');
      if (timer) return timer.due;
    }
    const moved = await deps.acknowledgeMove(trx, row.id, tx, group);
    if (moved) return moved;
    if (group.some((e) => e.act_type === 'startEvent' && e.parent_act_inst === row.engine_instance_id))
      return row.received_at;
    return core.time.ofEngine(group[0]!.at);
  }

  async function left(trx: Knex.Transaction, event: EngineEvent, tx: string, at: Date): Promise<StepChange[]> {
    const how = HOW[event.how as keyof typeof HOW] ?? 'done';
    const [visit] = await trx('step_visit')
      .where({ act_inst: event.act_inst })
      .update({ left_at: at, how })
      .returning(['step', 'visit']);
    const base = { step: event.act_id, visit: visit?.visit ?? 1, at, ...(event.task_id && { taskId: event.task_id }) };
    const changes: StepChange[] = [{ ...base, kind: 'left', how }];
    const decision = event.task_id && (await decisionOf(trx, event.task_id, tx, how));
    if (decision) changes.push({ ...base, kind: 'outcome', outcome: decision.outcome, at: decision.decided_at });
    return changes;
  }

  /** A task that ends in this engine transaction by its decision, or by the straight back that carries its decision out. */
  async function decisionOf(
    trx: Knex.Transaction,
    taskId: string,
    tx: string,
    how: StepChange['how'],
  ): Promise<{ outcome: string; decided_at: Date } | undefined> {
    const decisions = trx('decision as d').where({ 'd.task_id': taskId, 'd.state': 'done' });
    if (how === 'done') decisions.whereRaw('d.tx = ?::xid8', [tx]);
    else
      decisions
        .join('move as m', (on) => on.on(trx.raw(`m.id::text = d.detail->>'move'`)))
        .where({ 'm.kind': 'straight-back' })
        .whereRaw('m.tx = ?::xid8', [tx]);
    return decisions.first('d.outcome', 'd.decided_at');
  }

  async function entered(
    trx: Knex.Transaction,
    row: CaseRow,
    release: Release,
    event: EngineEvent,
    { at, group }: { at: Date; group: EngineEvent[] },
  ): Promise<StepChange> {
    const thread = await threadOf(trx, release, event, group);
    const { rows } = await trx.raw(
      `insert into step_visit (act_inst, case_id, step, type, parent, task_id, thread, visit, entered_at)
       select ?, ?, ?, ?, ?, ?, ?, 1 + count(*), ? from step_visit where case_id = ? and step = ?
       on conflict (act_inst) do update set step = excluded.step returning visit`,
      [
        ...[event.act_inst, row.id, event.act_id, event.act_type, event.parent_act_inst, event.task_id, thread, at],
        ...[row.id, event.act_id],
      ],
    );
    const visit: number = rows[0].visit;
    if (event.task_id) {
      await trx('task').where({ id: event.task_id }).update({ visit, arrived_at: at });
      if (visit > 1) await deps.takeOver(trx, row, event);
      await deps.offerTask(trx, { row, release, taskId: event.task_id });
    }
    const kind = event.act_type.startsWith('boundary')
      ? 'boundary'
      : event.act_type === 'startEvent'
        ? 'started'
        : 'entered';
    return { kind, step: event.act_id, visit, at, ...(event.task_id && { taskId: event.task_id }) };
  }

  /**
   * The thread that an instance is in, or is: place by place the threads around it, such as `/visits#2`, empty outside of
   * threads. Threads that begin again have the names of those before.
   */
  async function threadOf(
    trx: Knex.Transaction,
    { package: { graph } }: Release,
    { act_id: step, parent_act_inst: parent }: EngineEvent,
    group: EngineEvent[],
  ): Promise<string> {
    const threaded = graph.nodes.filter(({ thread }) => thread);
    if (threaded.length === 0) return '';
    // The body of threads is no visit; it begins in the transaction in which they do.
    const body = group.find((e) => e.kind === 'enter' && e.act_inst === parent && NOT_A_STEP.has(e.act_type));
    const around = await trx('step_visit')
      .where({ act_inst: body?.parent_act_inst ?? parent })
      .first('thread');
    const outer: string = around?.thread ?? '';
    if (!threaded.some(({ id }) => id === step)) return outer;
    const before = await trx('step_visit').where({ step, parent }).pluck('act_inst');
    return `${outer}/${step}#${before.length + 1}`;
  }

  /** Where a part on demand ended last, the result is that of the main flow, which ended before. */
  async function end(
    trx: Knex.Transaction,
    row: CaseRow,
    release: Release,
    event: EngineEvent,
    at: Date,
  ): Promise<CaseEnd> {
    const { results } = release.package;
    const before =
      event.how === 4 && !results[event.act_id]
        ? await trx('step_visit')
            .where({ case_id: row.id })
            .whereIn('step', Object.keys(results))
            .orderBy('entered_at', 'desc')
            .first('step')
        : undefined;
    const node = event.how === 4 ? results[before?.step ?? event.act_id] : undefined;
    return { at, result: node?.result ?? null, resultTitle: node?.zh ?? null };
  }

  async function close(trx: Knex.Transaction, row: CaseRow, closed: CaseEnd): Promise<void> {
    const change = {
      state: 'closed' as const,
      result: closed.result,
      closed_at: closed.at,
      stage: closed.resultTitle,
      moving: null,
    };
    Object.assign(row, change);
    await trx('case').where({ id: row.id }).update(change);
  }

  /** Where the case stands, in one word, for lists. */
  async function describe(trx: Knex.Transaction, row: CaseRow, release: Release): Promise<void> {
    const live: { step: string }[] = await trx('step_visit')
      .where({ case_id: row.id })
      .whereNull('left_at')
      .orderBy('entered_at')
      .select('step');
    const names = live
      .map(({ step }) => release.package.steps[step])
      .filter((step) => step !== undefined)
      .map((step) => step.stage ?? step.name.zh);
    if (names.length === 0) return;
    await trx('case')
      .where({ id: row.id })
      .update({ stage: [...new Set(names)].join('、') });
  }
}
