/**
 * Batches (architecture 5.13). What was asked stands in rows of its own before anything is done: its tasks are set
 * aside, held for some seconds in which nothing but these rows has to be undone, and then done one by one as of the
 * moment of the click. Each step takes its item under the task's lock, so whoever carries on after a crash does what is
 * left, and nothing twice.
 */
import type { Knex } from 'knex';
import type { BatchBody, BatchRow, BatchView } from '../../../contracts/api/index.ts';
import type { Audit } from '../audit/index.ts';
import { invalidInput, notFound, Problem, problemKind, readSetting, type Core, type Who } from '../core/index.ts';
import type { Incidents } from '../engine/index.ts';
import { taskDeciding, timeOfDay, type TaskRow } from '../tasks/index.ts';
import { createActs, type ActDeps } from './acts.ts';
import { someAtOnce, type BatchOf, type ItemOf, type Text } from './rows.ts';
import { UNDO_SECONDS } from './settings.ts';
import type { ViewBatch } from './view.ts';

const tooLate = problemKind('batch-sent', 409, '已经发出，不能撤销', 'It has been sent and can’t be undone');
const gone = problemKind('left', 403, '账号已停用', 'The account was disabled');

export interface BatchDeps extends ActDeps {
  audit: Pick<Audit, 'write'>;
  incidents: Incidents;
  show: ViewBatch;
  /** Somebody with the grants of this moment; null for somebody who left. */
  whoIs(login: string): Promise<Who | null>;
}

export interface Batches {
  /** Asks for each task what stands against it; nothing is done yet. */
  check(who: Who, body: BatchBody): Promise<BatchView>;
  /** Sets aside what was ready, again checked; sent a second time it answers how it stands. */
  send(who: Who, id: string, said: { opinion: string; reason: string }): Promise<BatchView>;
  view(who: Who, id: string): Promise<BatchView>;
  /** One's own, newest first; `open`: those that are not done with. */
  list(
    who: Who,
    query: { open: boolean; after?: string; limit: number },
  ): Promise<{ rows: BatchRow[]; next: string | null }>;
  /** @throws batch-sent */
  undo(who: Who, id: string): Promise<BatchView>;
  /** Sends what was held long enough, and carries on with what a process left behind. */
  pump(): Promise<void>;
}

const OPEN = ['holding', 'held', 'sending'];
/** Whoever asked is still at it; after that somebody else carries on. */
const LEFT_BEHIND_MS = 5_000;
const DAY_MS = 86_400_000;

export function createBatches(core: Core, deps: BatchDeps): Batches {
  const { db, time, failpoints, log } = core;
  const actOf = createActs(deps);
  let pumping: Promise<void> | null = null;

  return {
    async check(who, { act, tasks, ...body }) {
      const outcome = 'outcome' in body ? body.outcome : null;
      const to = 'to' in body ? body.to : null;
      const acting = actOf({ act, outcome, to_person: to, opinion: '', reason: '' });
      const ids = [...new Set(tasks)];
      const found: Pick<TaskRow, 'id' | 'case_id' | 'version'>[] = await db('task')
        .whereIn('id', ids)
        .select('id', 'case_id', 'version');
      const looked = await someAtOnce(ids, async (id) => {
        const { case_id = null, version = 0 } = found.find((task) => task.id === id) ?? {};
        const item = { task_id: id, case_id, version };
        try {
          const does = await acting.look(who, id);
          const refusal = await why(() => acting.check(db, who, id, version));
          return { item, does, refusal };
        } catch (error) {
          if (!(error instanceof Problem)) throw error;
          return { item: error.code === 'not-found' ? { ...item, case_id: null } : item, does: null, refusal: error };
        }
      });
      const named = looked.flatMap(({ does }) => does ?? []);
      const needs = act === 'transfer' ? ['reason'] : [...new Set(named.flatMap((one) => one.needs))];
      const id = await db.transaction(async (trx) => {
        const at = time.now();
        await trx('batch')
          .where({ person_id: who.personId, state: 'checked' })
          .where('checked_at', '<', new Date(at.getTime() - DAY_MS))
          .delete();
        const title = to ? await transferTitle(trx, to) : (named[0]?.title ?? { zh: outcome!, en: outcome! });
        const [batch] = await trx('batch')
          .insert({ person_id: who.personId, act, title, outcome, to_person: to, needs, checked_at: at })
          .returning('id');
        await trx('batch_item').insert(
          looked.map(({ item, refusal }, position) => ({
            ...item,
            ...{ batch_id: batch.id, position, state: refusal ? 'refused' : 'ready' },
            reason: refusal ? JSON.stringify(textOf(refusal)) : null,
          })),
        );
        return batch.id as string;
      });
      return deps.show.view(await own(db, who, id));
    },

    async send(who, id, { opinion, reason }) {
      const asked = await db.transaction(async (trx) => {
        const batch = await own(trx, who, id, 'lock');
        if (batch.state !== 'checked') return false;
        checkText(batch.needs, { opinion, reason });
        const asked_at = time.now();
        await trx('batch').where({ id }).update({ opinion: opinion.trim(), reason, state: 'holding', asked_at });
        return true;
      });
      await failpoints.hit('batch.asked.after');
      if (asked) await hold(await own(db, who, id), who);
      return deps.show.view(await own(db, who, id));
    },

    view: async (who, id) => deps.show.view(await own(db, who, id)),

    async list(who, { open, after, limit }) {
      const query = db('batch')
        .where({ person_id: who.personId })
        .whereNotNull('asked_at')
        .orderBy([
          { column: 'asked_at', order: 'desc' },
          { column: 'id', order: 'desc' },
        ])
        .limit(limit + 1);
      if (open) query.whereIn('state', OPEN);
      const [at, id] = after?.split('~') ?? [];
      if (at && id) query.whereRaw('(asked_at, id) < (?::timestamptz, ?::uuid)', [at, id]);
      const found: BatchOf[] = await query;
      const last = found.length > limit ? found[limit - 1] : undefined;
      const next = last ? `${last.asked_at!.toISOString()}~${last.id}` : null;
      return { rows: await deps.show.rows(found.slice(0, limit)), next };
    },

    async undo(who, id) {
      await db.transaction(async (trx) => {
        const batch = await own(trx, who, id, 'lock');
        if (batch.state === 'undone') return;
        if (batch.state !== 'holding' && batch.state !== 'held') throw tooLate();
        const items = await trx<ItemOf>('batch_item').where({ batch_id: id, state: 'held' });
        // In one order for everybody who locks several.
        for (const item of items.sort((a, b) => compare(`${a.case_id}${a.task_id}`, `${b.case_id}${b.task_id}`))) {
          const task = await lockTask(trx, item.task_id);
          await open(trx, item.task_id);
          await tell(trx, batch, task, 'task.hold-undone');
        }
        await trx('batch_item').where({ batch_id: id }).whereIn('state', ['ready', 'held']).update({ state: 'undone' });
        await trx('batch').where({ id }).update({ state: 'undone', ended_at: time.now() });
      });
      return deps.show.view(await own(db, who, id));
    },

    pump() {
      pumping ??= pumpAll().finally(() => (pumping = null));
      return pumping;
    },
  };

  async function pumpAll(): Promise<void> {
    const now = time.now();
    const due: BatchOf[] = await db('batch')
      .where((left) =>
        left.where({ state: 'holding' }).where('asked_at', '<=', new Date(now.getTime() - LEFT_BEHIND_MS)),
      )
      .orWhere((over) => over.whereIn('state', ['held', 'sending']).where('hold_until', '<=', now))
      .orderBy('asked_at');
    for (const batch of due) {
      const account = await db('account').where({ person_id: batch.person_id }).first('login');
      const who = account ? await deps.whoIs(account.login) : null;
      if (batch.state === 'holding' && who) await hold(batch, who);
      else await sendOut(batch, who);
    }
  }

  async function hold(batch: BatchOf, who: Who): Promise<void> {
    const items: ItemOf[] = await db('batch_item').where({ batch_id: batch.id, state: 'ready' }).orderBy('position');
    await someAtOnce(items, async (item) => {
      await failpoints.hit('batch.hold.before');
      const refusal = await why(() => db.transaction((trx) => holdOne(trx, batch, item, who)));
      if (refusal) await db('batch_item').where(keyOf(item, 'ready')).update(refused(refusal));
      await failpoints.hit('batch.hold.after');
    });
    const held = await db('batch_item').where({ batch_id: batch.id, state: 'held' }).first('task_id');
    const until = new Date(time.now().getTime() + (await readSetting(db, UNDO_SECONDS)) * 1000);
    await db('batch')
      .where({ id: batch.id, state: 'holding' })
      .update(held ? { state: 'held', hold_until: until } : { state: 'sent', ended_at: time.now() });
  }

  async function holdOne(trx: Knex.Transaction, batch: BatchOf, item: ItemOf, who: Who): Promise<void> {
    // Shared, so that an undo waits for those at it and keeps the others away.
    const still = await trx('batch').where({ id: batch.id, state: 'holding' }).forShare().first('id');
    if (!still) return;
    const task = await lockTask(trx, item.task_id);
    if (!(await trx('batch_item').where(keyOf(item, 'ready')).first('task_id'))) return;
    await actOf(batch).check(trx, who, item.task_id, item.version);
    await trx('task').where({ id: item.task_id }).update({ state: 'held' });
    await trx('batch_item').where(keyOf(item, 'ready')).update({ state: 'held' });
    await tell(trx, batch, task, 'task.hold');
  }

  async function sendOut(batch: BatchOf, who: Who | null): Promise<void> {
    await db('batch').where({ id: batch.id, state: 'held' }).update({ state: 'sending' });
    const items: ItemOf[] = await db('batch_item').where({ batch_id: batch.id, state: 'held' }).orderBy('position');
    await someAtOnce(items, (item) => sendOne(batch, item, who).catch((error: Error) => report(batch, item, error)));
    if (await db('batch_item').where({ batch_id: batch.id, state: 'held' }).first('task_id')) return;
    await db('batch').where({ id: batch.id, state: 'sending' }).update({ state: 'sent', ended_at: time.now() });
  }

  /** It is tried again at each tick; whoever runs the product is told why it hangs. */
  async function report(batch: BatchOf, item: ItemOf, error: Error): Promise<void> {
    log.error({ batch: batch.id, task: item.task_id, error: error.message }, 'an item waits for the next tick');
    if (!(await db('batch_item').where(keyOf(item, 'held')).first('task_id'))) return;
    await deps.incidents.open(db, {
      kind: 'batch',
      ref: refOf(item),
      caseId: item.case_id,
      message: error.message,
      ...(error.stack && { detail: error.stack }),
    });
  }

  async function sendOne(batch: BatchOf, item: ItemOf, who: Who | null): Promise<void> {
    const refusal = who ? await why(() => carryOut(batch, item, who)) : gone();
    // What only has to wait, such as for a move of the case, is tried again at the next tick.
    if (!refusal || refusal.retryAfter !== undefined) return;
    await db.transaction((trx) => refuse(trx, batch, item, refusal));
  }

  async function carryOut(batch: BatchOf, item: ItemOf, who: Who): Promise<void> {
    await failpoints.hit('batch.send.before');
    await actOf(batch).carryOut(who, item.task_id, item.version, {
      batch: batch.id,
      at: batch.asked_at!,
      async take(trx) {
        if ((await trx('batch_item').where(keyOf(item, 'held')).update({ state: 'sent' })) === 0) throw taskDeciding();
        await deps.incidents.close(trx, 'batch', refOf(item));
        await open(trx, item.task_id);
      },
    });
    await failpoints.hit('batch.send.after');
  }

  /** The task is open again, and what was written is kept for it. */
  async function refuse(trx: Knex.Transaction, batch: BatchOf, item: ItemOf, reason: Problem): Promise<void> {
    const task = await lockTask(trx, item.task_id);
    if ((await trx('batch_item').where(keyOf(item, 'held')).update(refused(reason))) === 0) return;
    await deps.incidents.close(trx, 'batch', refOf(item));
    await open(trx, item.task_id);
    if (batch.opinion && !task.ended_at)
      await trx('opinion_draft')
        .insert({ task_id: task.id, person_id: batch.person_id, opinion: batch.opinion, saved_at: time.now() })
        .onConflict(['task_id', 'person_id'])
        .merge();
    await tell(trx, batch, task, 'task.hold-refused', reason.zh);
  }

  /** What the act says against it; null where it was done. An engine or database that is away is not the task's fault. */
  async function why(act: () => Promise<unknown>): Promise<Problem | null> {
    try {
      await act();
      return null;
    } catch (error) {
      if (error instanceof Problem) return error;
      throw error;
    }
  }

  async function own(on: Knex, who: Who, id: string, lock?: 'lock'): Promise<BatchOf> {
    const query = on('batch').where({ id, person_id: who.personId }).first();
    const batch: BatchOf | undefined = await (lock ? query.forUpdate() : query);
    if (!batch) throw notFound();
    return batch;
  }

  function lockTask(trx: Knex.Transaction, id: string): Promise<TaskRow> {
    return trx('task').where({ id }).forUpdate().first();
  }

  async function open(trx: Knex.Transaction, id: string): Promise<void> {
    await trx('task').where({ id, state: 'held' }).update({ state: 'open' });
  }

  async function tell(
    trx: Knex.Transaction,
    batch: BatchOf,
    task: TaskRow,
    action: 'task.hold' | 'task.hold-undone' | 'task.hold-refused',
    reason?: string,
  ): Promise<void> {
    await deps.audit.write(trx, {
      caseId: task.case_id,
      personId: batch.person_id,
      action,
      step: task.step,
      visit: task.visit ?? undefined,
      detail: {
        stepName: task.name,
        title: batch.title.zh,
        time: timeOfDay(batch.asked_at!, 'seconds'),
        batch: batch.id,
        ...(reason && { reason }),
      },
    });
  }
}

async function transferTitle(on: Knex, to: string): Promise<Text> {
  const person = await on('person').where({ id: to }).first('name');
  return { zh: `转办给${person?.name ?? ''}`, en: `Transfer to ${person?.name ?? ''}` };
}

function checkText(needs: BatchOf['needs'], said: { opinion: string; reason: string }): void {
  const missing = needs.filter((need) => !said[need].trim());
  if (missing.length === 0) return;
  const words = {
    opinion: { zh: '写明意见', en: 'Write an opinion' },
    reason: { zh: '写明理由', en: 'Give the reason' },
  };
  throw invalidInput({ fields: missing.map((path) => ({ path, ...words[path] })) });
}

const keyOf = ({ batch_id, task_id }: ItemOf, state: ItemOf['state']) => ({ batch_id, task_id, state });
const refOf = ({ batch_id, task_id }: ItemOf): string => `${batch_id}/${task_id}`;
/** A problem of a form says in its fields what is missing. */
const textOf = ({ zh, en }: Problem): Text => ({ zh, en });
const refused = (reason: Problem) => ({ state: 'refused', reason: JSON.stringify(textOf(reason)) });
const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));
