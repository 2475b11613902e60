/**
 * Calls to outside systems. A call is written with what caused it, leased in a short transaction, sent with none open,
 * and repeated with the same key until the other side has answered; what it refuses for good is for an operator.
 */
import type { Knex } from 'knex';
import type { Core } from '../core/index.ts';
import { notFound } from '../core/index.ts';
import type { Release } from '../../../contracts/flow.ts';
import { waitingVisits, type Commands, type EventReader, type Incidents } from '../engine/index.ts';
import { systems } from './systems.ts';
import type { SystemMessage } from './system.ts';

export interface NewCall {
  system: string;
  message: string;
  case: { id: string };
  step: string;
  visit: number;
  /** Activity instance of the step: its thread is the one that waits. */
  sender?: string;
  /** The receive step that waits for the answer. */
  answerStep?: string;
  request: Record<string, unknown>;
}

export interface CallRow {
  id: string;
  system: string;
  message: string;
  case_id: string;
  step: string;
  answer_step: string | null;
  sender: string | null;
  request: Record<string, unknown>;
  state: 'queued' | 'answered' | 'failed';
  attempts: number;
  answer: Record<string, string | number | boolean | null> | null;
  at: Date;
  answered_at: Date | null;
}

export interface Connectors {
  /** Queues a call. @throws RangeError for a system, message or content that the contract doesn't have */
  call(trx: Knex.Transaction, call: NewCall): Promise<string>;
  /** Sends what is due, or with `waiting` everything that is queued once; how many were tried. */
  pump(options?: { waiting?: boolean }): Promise<number>;
  /** Sends a failed call again with the key it had. @throws not-found */
  sendAgain(callId: string): Promise<void>;
  /** A receive step that was entered after its answer had arrived goes on. */
  reader: EventReader;
}

export interface ConnectorDeps {
  commands: Pick<Commands, 'add'>;
  incidents: Pick<Incidents, 'open' | 'close'>;
  release(id: string): Promise<Release>;
}

const LEASE_SECONDS = 60;
/** Some six hours; then an operator looks. */
const LAST_TRY = 12;
const MOST_SECONDS = 3600;

type Sent = { is: 'answered'; answer: CallRow['answer'] } | { is: 'again' | 'failed'; problem: string };

export function createConnectors(core: Core, { commands, incidents, release }: ConnectorDeps): Connectors {
  const { db, time, outside } = core;

  return {
    async call(trx, { system, message, case: row, step, visit, sender, answerStep, request }) {
      const checked = contractOf(system, message).request.safeParse(request);
      if (!checked.success)
        throw new RangeError(
          `${system}.${message}: ${checked.error.issues.map((i) => `${i.path.join('.')} ${i.message}`).join('; ')}`,
        );
      const [{ id }] = await trx('connector_call')
        .insert({
          ...{ system, message, step, visit, case_id: row.id, answer_step: answerStep ?? null },
          ...{ sender: sender ?? null, at: time.now() },
          request: JSON.stringify(checked.data),
        })
        .returning('id');
      return id;
    },

    async pump({ waiting = false } = {}) {
      const tried: string[] = [];
      for (;;) {
        const call = await take(waiting, tried);
        if (!call) return tried.length;
        tried.push(call.id);
        await settle(call, await send(call));
      }
    },

    async sendAgain(callId) {
      const changed = await db('connector_call')
        .where({ id: callId, state: 'failed' })
        .update({ state: 'queued', attempts: 0, next_at: db.raw('clock_timestamp()') });
      if (changed === 0) throw notFound();
    },

    async reader(trx, { case: row, release, changes }) {
      const entered = changes.filter(({ kind, step }) => kind === 'entered' && isReceive(release, step));
      for (const step of new Set(entered.map((change) => change.step)))
        await goOn(trx, { caseId: row.id, release, step }, ({ state }) => state === 'answered');
    },
  };

  async function take(waiting: boolean, tried: string[]): Promise<CallRow | undefined> {
    const due = waiting ? '' : 'and next_at <= clock_timestamp()';
    const { rows } = await db.raw(
      `update connector_call set attempts = attempts + 1, leased_until = clock_timestamp() + make_interval(secs => ?)
       where id = (
         select id from connector_call
         where state = 'queued' and leased_until <= clock_timestamp() and id <> all(?) ${due}
         order by next_at limit 1 for update skip locked)
       returning *`,
      [LEASE_SECONDS, tried],
    );
    return rows[0];
  }

  async function send(call: CallRow): Promise<Sent> {
    const { path, answer } = contractOf(call.system, call.message);
    const began = Date.now();
    const log = (line: { status?: number; body?: unknown; problem?: string }) =>
      db('connector_attempt').insert({
        ...{ call_id: call.id, at: time.now(), ms: Date.now() - began, status: line.status, problem: line.problem },
        body: line.body === undefined ? null : JSON.stringify(line.body).slice(0, 8000),
      });
    try {
      const { status, body } = await outside.call({ system: call.system, path, key: call.id, body: call.request });
      await log({ status, body });
      if (status === 408 || status === 429 || status >= 500) return { is: 'again', problem: `answered ${status}` };
      if (status >= 300) return { is: 'failed', problem: `refused with ${status}: ${JSON.stringify(body)}` };
      const read = answer.safeParse(body);
      return read.success
        ? { is: 'answered', answer: read.data }
        : { is: 'failed', problem: `an answer that the contract does not have: ${JSON.stringify(body)}` };
    } catch (error) {
      await log({ problem: (error as Error).message });
      return { is: 'again', problem: (error as Error).message };
    }
  }

  async function settle(call: CallRow, sent: Sent): Promise<void> {
    if (sent.is === 'again' && call.attempts < LAST_TRY) {
      const seconds = Math.min(2 ** call.attempts, MOST_SECONDS);
      await db('connector_call')
        .where({ id: call.id, state: 'queued' })
        .update({
          leased_until: db.raw('clock_timestamp()'),
          next_at: db.raw('clock_timestamp() + make_interval(secs => ?)', [seconds]),
        });
      return;
    }
    await db.transaction(async (trx) => {
      // As for events: whoever comes second, the answer or the step, sees the other.
      const row = await trx('case').where({ id: call.case_id }).forUpdate().first('release_id');
      const answered = sent.is === 'answered';
      const changed: CallRow[] = await trx('connector_call')
        .where({ id: call.id, state: 'queued' })
        .update({
          ...{ state: answered ? 'answered' : 'failed', leased_until: trx.raw('clock_timestamp()') },
          ...(answered && { answer: JSON.stringify(sent.answer), answered_at: time.now() }),
        })
        .returning('*');
      const [now] = changed;
      if (!now) return;
      if (!answered) {
        const message = `${systems[call.system]?.title.zh ?? call.system}: ${sent.problem}`;
        await incidents.open(trx, { kind: 'connector', ref: call.id, caseId: call.case_id, step: call.step, message });
        return;
      }
      await incidents.close(trx, 'connector', call.id);
      if (!now.answer_step) return;
      const of = { caseId: call.case_id, release: await release(row.release_id), step: now.answer_step };
      await goOn(trx, of, ({ id }) => id === call.id);
    });
  }

  /** Lets each open visit go on whose last call is one that `wanted` names. */
  async function goOn(
    trx: Knex.Transaction,
    of: { caseId: string; release: Release; step: string },
    wanted: (last: CallRow) => boolean,
  ): Promise<void> {
    const { caseId, step } = of;
    const calls: CallRow[] = await trx('connector_call')
      .where({ case_id: caseId, answer_step: step })
      .orderBy([
        { column: 'at', order: 'desc' },
        { column: 'visit', order: 'desc' },
      ]);
    for (const { visit, sent } of await waitingVisits(trx, of, calls)) {
      const [last] = sent;
      if (!last || !wanted(last)) continue;
      const answers = Object.entries(last.answer ?? {});
      const variables = Object.fromEntries(answers.map(([name, value]) => [`${step}_${name}`, value]));
      await commands.add(trx, { caseId, kind: 'receive', payload: { step, visit, variables } });
    }
  }
}

const isReceive = ({ package: { steps } }: Release, step: string) => steps[step]?.type === 'receive';

function contractOf(system: string, message: string): SystemMessage {
  const found = systems[system]?.messages[message];
  if (!found) throw new RangeError(`no message ${message} of a system ${system}`);
  return found;
}
