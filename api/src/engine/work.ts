/**
 * External tasks, at-least-once made once: receipt by external task id → reserve → prepare → handle together with the
 * finished receipt → completion. A second delivery finds the receipt and only repeats the completion (architecture 5.3).
 */
import type { Knex } from 'knex';
import type { GraphNode, Release } from '../../../contracts/flow.ts';
import type { EngineWorker, Variables, Work, WorkHandler, WorkReport } from '../../../engine-adapters/port/index.ts';
import { PermanentError } from '../../../engine-adapters/port/index.ts';
import type { Core } from '../core/index.ts';
import type { Incidents } from './incidents.ts';
import type { AnyTopic, CaseRow, Topic, TopicWork } from './topic.ts';

type LooseTopic = Topic<unknown, unknown, unknown, unknown>;

interface ReceiptRow {
  visit: number;
  reserved: unknown;
  output: Variables | null;
  finished_at: Date | null;
}

export interface WorkDeps {
  topics: AnyTopic[];
  release(id: string): Promise<Release>;
  incidents: Incidents;
  onFailed(trx: Knex.Transaction, work: { caseId: string; step: string }, code: string): Promise<void>;
}

/** The handlers of all topics, as the engine's worker calls them. */
export function workHandlers(core: Core, deps: WorkDeps): Record<string, WorkHandler> {
  return Object.fromEntries(
    deps.topics.map((topic) => [topic.name, (work: Work) => handle(core, deps, topic as unknown as LooseTopic, work)]),
  );
}

/** Starts fetching; what fails for good becomes an incident with its case. */
export function startWork(core: Core, deps: WorkDeps, workerId: string): EngineWorker {
  return core.engine.worker({
    id: workerId,
    topics: workHandlers(core, deps),
    report(kind, error, work) {
      void report(core, deps, kind, error, work).catch((failure: Error) =>
        core.log.error({ error: failure.message }, 'a failed work could not be recorded'),
      );
    },
  });
}

async function report(core: Core, deps: WorkDeps, kind: WorkReport, error: Error, work?: Work): Promise<void> {
  if (kind !== 'incident' || !work) {
    core.log.warn({ kind, error: error.message, step: work?.activityId, case: work?.businessKey }, 'work');
    return;
  }
  core.log.error(
    { error: error.message, stack: error.stack, step: work.activityId, case: work.businessKey },
    'work failed for good',
  );
  await core.db.transaction(async (trx) => {
    const row = await trx('case').where({ number: work.businessKey }).first('id');
    const code = await deps.incidents.open(trx, {
      kind: 'work',
      ref: work.id,
      caseId: row?.id,
      step: work.activityId,
      message: error.message,
      detail: error.stack,
    });
    if (row) await deps.onFailed(trx, { caseId: row.id, step: work.activityId }, code);
  });
}

async function handle(core: Core, deps: WorkDeps, topic: LooseTopic, work: Work): Promise<Variables> {
  const { db, failpoints } = core;
  const row: CaseRow | undefined = await db('case').where({ number: work.businessKey }).first();
  if (!row) throw new PermanentError(`no case has the number ${work.businessKey}`);
  const release = await deps.release(row.release_id);
  const thread = threadOf(release.package.graph.nodes, work.activityId, work.variables);
  const at = { external_task_id: work.id };

  const opened = await db.transaction((trx) => openReceipt(trx, core, topic, work, row, thread));
  if (opened.finished_at) return opened.output ?? {};
  const input = topic.input.safeParse({ ...work.properties });
  if (!input.success)
    throw new PermanentError(
      `step ${work.activityId}: ${input.error.issues.map((i) => `${i.path.join('.')} ${i.message}`).join('; ')}`,
    );
  const job: TopicWork = {
    id: work.id,
    instance: work.activityInstanceId,
    caseId: row.id,
    number: row.number,
    case: row,
    release,
    step: work.activityId,
    visit: opened.visit,
    thread,
    topic: topic.name,
    input: input.data,
    variables: work.variables,
  };

  let reserved: unknown = opened.reserved ?? undefined;
  if (topic.reserve && reserved === undefined) {
    reserved = await db.transaction(async (trx) => {
      const again: ReceiptRow = await trx('work_receipt').where(at).forUpdate().first();
      if (again.reserved !== null) return again.reserved;
      const drawn = await topic.reserve!(trx, job);
      await trx('work_receipt')
        .where(at)
        .update({ reserved: JSON.stringify(drawn ?? {}) });
      await failpoints.hit('work.reserve.commit.before');
      return drawn;
    });
    await failpoints.hit('work.reserve.commit.after');
  }
  const prepared = topic.prepare ? await topic.prepare(job, reserved) : undefined;

  const output = await db.transaction(async (trx) => {
    const again: ReceiptRow = await trx('work_receipt').where(at).forUpdate().first();
    if (again.finished_at) return again.output ?? {};
    const result = topic.output.parse((await topic.handle(trx, job, prepared, reserved)) ?? {}) as Variables;
    await trx('work_receipt')
      .where(at)
      .update({ output: JSON.stringify(result), finished_at: core.time.now() });
    await failpoints.hit('work.handle.commit.before');
    return result;
  });
  await failpoints.hit('work.handle.commit.after');
  return output;
}

/** What tells the thread of a step from its siblings: the elements of the multi-instance sub-processes around it. */
function threadOf(nodes: GraphNode[], step: string, variables: Variables): string {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const elements: string[] = [];
  for (let node = byId.get(step); node; node = byId.get(node.parent))
    if (node.thread) elements.unshift(String(variables[node.thread.element] ?? ''));
  return elements.join('/');
}

/** Makes or finds the receipt; with effect `once` an earlier visit's output is taken over and nothing runs. */
async function openReceipt(
  trx: Knex.Transaction,
  core: Core,
  topic: LooseTopic,
  work: Work,
  row: CaseRow,
  thread: string,
): Promise<ReceiptRow> {
  // One at a time per step of a case: the visit counts receipts.
  await trx.raw(`select pg_advisory_xact_lock(hashtextextended('receipt:' || ? || ?, 0))`, [row.id, work.activityId]);
  const found: ReceiptRow | undefined = await trx('work_receipt').where({ external_task_id: work.id }).first();
  if (found) return found;
  const earlier: ReceiptRow[] = await trx('work_receipt')
    .where({ case_id: row.id, step: work.activityId, thread })
    .orderBy('visit', 'desc');
  const first = topic.effect === 'once' ? earlier.find((r) => r.finished_at) : undefined;
  const now = core.time.now();
  const [made] = await trx('work_receipt')
    .insert({
      external_task_id: work.id,
      case_id: row.id,
      step: work.activityId,
      thread,
      visit: (earlier[0]?.visit ?? 0) + 1,
      topic: topic.name,
      at: now,
      ...(first && {
        reserved: JSON.stringify(first.reserved),
        output: JSON.stringify(first.output),
        finished_at: now,
      }),
    })
    .returning('*');
  return made;
}
