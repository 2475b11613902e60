/**
 * Commands to the engine: a table of ours, in order per case. A command is leased in a short transaction, sent with no
 * transaction open (the engine's triggers write the same rows: half of that deadlock would be HTTP, which PostgreSQL
 * cannot see), and settled by what the database says afterwards, not by what the answer said.
 */
import type { Knex } from 'knex';
import type { EngineErrorKind, Variables } from '../../../engine-adapters/port/index.ts';
import { EngineError } from '../../../engine-adapters/port/index.ts';
import type { Core } from '../core/index.ts';
import type { Incidents } from './incidents.ts';

export interface CommandRow {
  id: string;
  case_id: string;
  kind: 'start' | 'complete' | 'move' | 'timer' | 'receive';
  payload: Record<string, unknown>;
  decision_id: string | null;
  state: 'held' | 'queued' | 'done' | 'dropped' | 'blocked';
  attempts: number;
}

/** What came of a try. `again`: not yet, after `afterMs`; `blocked`: an operator has to look. */
export type Verdict =
  { is: 'done' } | { is: 'dropped' } | { is: 'again'; afterMs: number; error: Error } | { is: 'blocked'; error: Error };

export interface Commands {
  add(
    trx: Knex.Transaction,
    command: { caseId: string; kind: CommandRow['kind']; payload: object; decisionId?: string },
  ): Promise<string>;
  /**
   * Sends one command now, with the quick retries that joins need; used within the request that made it. What of its
   * case is due before it goes first; where another copy has one of them in hand, it is waited for, 3 s at most.
   */
  send(id: string): Promise<void>;
  /** Sends what is due; `waiting` also takes retries that are not due yet. Returns how many were tried. */
  pump(options?: { waiting?: boolean }): Promise<number>;
}

/** A command, and what of its case is due before it. */
const UP_TO = `c.case_id = (select case_id from command where id = ?) and c.id <= ?
  and (c.id = ? or c.next_at <= clock_timestamp())`;

/** Carries out the kinds of commands that need more than one engine call. */
export interface MoveSender {
  send(command: CommandRow): Promise<Verdict>;
}

const QUICK_MS = [20, 60, 200];
/** How long a person waits for what another copy does, and how often that is looked at. */
const PATIENCE_MS = 3_000;
const LOOK_MS = 30;
const LAST_TRY = 8;

export function createCommands(
  core: Core,
  deps: {
    incidents: Incidents;
    moves: MoveSender;
    onBlocked: (trx: Knex.Transaction, command: CommandRow, code: string) => Promise<void>;
    leaseMs?: number;
  },
): Commands {
  const { db, engine, failpoints } = core;
  const lease = (deps.leaseMs ?? 15_000) / 1000;

  return {
    async add(trx, { caseId, kind, payload, decisionId }) {
      const [row] = await trx('command')
        .insert({
          case_id: caseId,
          kind,
          payload: JSON.stringify(payload),
          decision_id: decisionId ?? null,
          created_at: core.time.now(),
        })
        .returning('id');
      return row.id;
    },

    async send(id) {
      for (let waited = 0; waited < PATIENCE_MS;) {
        const command = await take(UP_TO, [id, id, id], 'c.id');
        if (command) await carryOut(command);
        if (command?.id === id) return;
        if (command) continue;
        if (!(await canGoSoon(id))) return;
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
        waited += LOOK_MS;
      }
    },

    async pump({ waiting = false } = {}) {
      let tried = 0;
      let last = '0';
      for (;;) {
        // Taking also what waits, each command is tried once per pass, or a retry would follow itself for ever.
        const command = waiting
          ? await take('c.id > ?::bigint', [last], 'c.id')
          : await take('c.next_at <= clock_timestamp()');
        if (!command) return tried;
        last = command.id;
        await carryOut(command);
        tried += 1;
      }
    },
  };

  /** Whether nothing stands against sending this command but what is in hand: no earlier one is held or waits for its retry. */
  async function canGoSoon(id: string): Promise<boolean> {
    const { rows } = await db.raw(
      `select from command c
       where c.id = ? and c.state = 'queued' and not exists (
         select from command e where e.case_id = c.case_id and e.id < c.id
           and (e.state = 'held' or e.state = 'queued' and e.next_at > clock_timestamp() and e.leased_until <= clock_timestamp()))`,
      [id],
    );
    return rows.length > 0;
  }

  /** Leases a command that has no earlier one of its case before it. */
  async function take(
    which: string,
    values: string[] = [],
    order = 'c.next_at, c.id',
  ): Promise<CommandRow | undefined> {
    const { rows } = await db.raw(
      `update command set attempts = attempts + 1, leased_until = clock_timestamp() + make_interval(secs => ?)
       where id = (
         select c.id from command c
         where c.state = 'queued' and c.leased_until <= clock_timestamp() and ${which}
           and not exists (select from command e where e.case_id = c.case_id and e.id < c.id and e.state in ('held', 'queued'))
         order by ${order} limit 1 for update skip locked)
       returning id, case_id, kind, payload, decision_id, state, attempts`,
      [lease, ...values],
    );
    return rows[0];
  }

  async function carryOut(command: CommandRow): Promise<void> {
    let verdict = await tryOnce(command);
    for (const ms of QUICK_MS) {
      if (verdict.is !== 'again' || verdict.afterMs > 0) break;
      await new Promise((resolve) => setTimeout(resolve, ms + Math.random() * ms));
      verdict = await tryOnce(command);
    }
    await settle(command, verdict);
  }

  async function tryOnce(command: CommandRow): Promise<Verdict> {
    await failpoints.hit(`command.${command.kind}.before`);
    const verdict = await byKind(command);
    await failpoints.hit(`command.${command.kind}.after`);
    return verdict;
  }

  async function byKind(command: CommandRow): Promise<Verdict> {
    switch (command.kind) {
      case 'start':
        return start(command);
      case 'complete':
        return complete(command);
      case 'timer':
        return timer(command);
      case 'receive':
        return receive(command);
      case 'move':
        return deps.moves.send(command);
    }
  }

  async function start(command: CommandRow): Promise<Verdict> {
    const { definitionId, variables } = command.payload as { definitionId: string; variables: Variables };
    const of = await db('case').where({ id: command.case_id }).first('number', 'started_at');
    if (of.started_at) return { is: 'done' };
    const error = await attempt(() => engine.start({ definitionId, businessKey: of.number, variables }));
    const { started_at: started } = await db('case').where({ id: command.case_id }).first('started_at');
    if (started || !error) return { is: 'done' };
    if (error.kind === 'conflict' && (await engine.find(of.number).catch(() => null))) return { is: 'done' };
    return judge(command, error);
  }

  async function complete(command: CommandRow): Promise<Verdict> {
    const { taskId, variables } = command.payload as { taskId: string; variables: Variables };
    const before = await db('decision').where({ id: command.decision_id }).first('state');
    if (before.state !== 'queued') return { is: before.state === 'done' ? 'done' : 'dropped' };
    const error = await attempt(() => engine.complete(taskId, variables));
    const { state } = await db('decision').where({ id: command.decision_id }).first('state');
    if (state === 'done') return { is: 'done' };
    if (state !== 'queued') return { is: 'dropped' };
    if (!error)
      return { is: 'again', afterMs: 100, error: new Error('the engine said yes and its trigger did not acknowledge') };
    if (error.kind === 'gone') {
      // Not in the engine and not acknowledged: the task ended before this decision was written.
      await db('decision')
        .where({ id: command.decision_id, state: 'queued' })
        .update({ state: 'overtaken', acknowledged_at: core.time.now() });
      return { is: 'dropped' };
    }
    return judge(command, error);
  }

  async function timer(command: CommandRow): Promise<Verdict> {
    const { jobId, due } = command.payload as { jobId: string; due: string | null };
    const error = await attempt(() => engine.setJobDue(jobId, due === null ? 'never' : new Date(due)));
    if (!error) return { is: 'done' };
    return error.kind === 'gone' ? { is: 'dropped' } : judge(command, error);
  }

  /** A step that was left meanwhile needs no answer any more. */
  async function receive(command: CommandRow): Promise<Verdict> {
    const { step, visit, variables } = command.payload as { step: string; visit?: string; variables: Variables };
    const { engine_instance_id: instanceId } = await db('case')
      .where({ id: command.case_id })
      .first('engine_instance_id');
    const error = await attempt(() =>
      engine.receive({ instanceId, activityId: step, ...(visit && { visit }), variables }),
    );
    if (!error) return { is: 'done' };
    return error.kind === 'gone' ? { is: 'dropped' } : judge(command, error);
  }

  async function settle(command: CommandRow, verdict: Verdict): Promise<void> {
    if (verdict.is === 'again') {
      const error = verdict.error.message.slice(0, 1000);
      await db('command')
        .where({ id: command.id, state: 'queued' })
        .update({
          next_at: db.raw('clock_timestamp() + make_interval(secs => ?)', [verdict.afterMs / 1000]),
          leased_until: db.raw('clock_timestamp()'),
          last_error: error,
        });
      return;
    }
    await failpoints.hit('command.settle.before');
    await db.transaction(async (trx) => {
      const changed = await trx('command')
        .where({ id: command.id, state: 'queued' })
        .update({
          state: verdict.is,
          done_at: core.time.now(),
          last_error: verdict.is === 'blocked' ? verdict.error.message.slice(0, 1000) : null,
        });
      if (changed === 0 || verdict.is !== 'blocked') return;
      core.log.error({ command: command.id, case: command.case_id, error: verdict.error.message }, 'command blocked');
      const code = await deps.incidents.open(trx, {
        kind: 'command',
        ref: command.id,
        caseId: command.case_id,
        message: verdict.error.message,
      });
      await deps.onBlocked(trx, command, code);
    });
    await failpoints.hit('command.settle.after');
  }
}

async function attempt(call: () => Promise<unknown>): Promise<EngineError | null> {
  try {
    await call();
    return null;
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
}

/** What an engine error means for a command that was not carried out (architecture 5.1 d). */
export function judge(command: { attempts: number }, error: EngineError): Verdict {
  const again: Record<EngineErrorKind, number | null> = {
    conflict: 0,
    unavailable: 1000,
    refused: 500,
    gone: null,
    invalid: null,
  };
  const base = again[error.kind];
  if (base === null) return { is: 'blocked', error };
  // The engine being away is not the command's fault: it is tried for ever. What it refuses is tried a few times; a
  // failure of its database may be either, and gets more tries.
  const last = error.kind === 'refused' ? LAST_TRY : error.code === 'persistence' ? 3 * LAST_TRY : Infinity;
  if (command.attempts >= last) return { is: 'blocked', error };
  return {
    is: 'again',
    afterMs:
      command.attempts <= 1 && error.kind === 'conflict'
        ? 0
        : Math.min(base * 2 ** Math.min(command.attempts, 4) || 100, 10_000),
    error,
  };
}
