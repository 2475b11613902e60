import type { Knex } from 'knex';
import type { Clock } from './clock.ts';
import type { Course, Fresh, OpenVisit } from './course.ts';
import type { Reading } from './compute.ts';

/** Clocks of cases with their events, in the order in which they began; in one statement, so that they fit each other. */
export async function readClocks(db: Knex, caseIds: string[]): Promise<Map<string, Clock[]>> {
  const rows = await db('clock as c')
    .leftJoin('clock_event as e', { 'e.case_id': 'c.case_id', 'e.clock': 'c.id' })
    .whereIn('c.case_id', caseIds)
    .orderBy(['c.started_at', 'c.case_id', 'c.id', 'e.id'])
    .select('c.case_id', 'c.id', 'c.title', 'c.limit_text', 'c.declared', { of: 'c.basis' })
    .select('e.kind', 'e.at', 'e.reason', 'e.basis', 'e.detail');
  const found = new Map<string, Clock[]>(caseIds.map((id) => [id, []]));
  for (const { case_id: caseId, id, title, of, limit_text: limit, declared, ...event } of rows) {
    const clocks = found.get(caseId)!;
    if (clocks.at(-1)?.id !== id) clocks.push({ id, title, basis: of, limit, declared, events: [] });
    const { kind, at, reason, basis, detail } = event;
    if (kind) clocks.at(-1)!.events.push({ kind, at, reason, basis, step: null, visit: null, ...detail });
  }
  return found;
}

export async function readCourse(trx: Knex, caseId: string): Promise<Course> {
  const clocks = (await readClocks(trx, [caseId])).get(caseId)!;
  const visits = await trx('clock_visit').where({ case_id: caseId }).orderBy('id');
  return {
    clocks: new Map(clocks.map((clock) => [clock.id, clock])),
    visits: visits.map((row): OpenVisit => ({
      id: row.id,
      step: row.step,
      visit: row.visit,
      taskId: row.task_id,
      at: row.entered_at,
      timers: row.timers,
    })),
  };
}

/** Each clock with what was computed for it. */
export async function writeClocks(
  trx: Knex.Transaction,
  caseId: string,
  clocks: { clock: Clock; reading: Reading }[],
  generation: number,
): Promise<void> {
  if (clocks.length === 0) return;
  await trx('clock')
    .insert(clocks.map(({ clock, reading }) => rowOf(caseId, clock, reading, generation)))
    .onConflict(['case_id', 'id'])
    .merge();
}

function rowOf(caseId: string, clock: Clock, reading: Reading, generation: number) {
  const ended = clock.events.filter(({ kind }) => kind === 'end').at(-1);
  return {
    case_id: caseId,
    id: clock.id,
    title: clock.title,
    basis: clock.basis,
    limit_text: clock.limit,
    declared: JSON.stringify(clock.declared),
    state: reading.state,
    due_on: reading.dueOn,
    unknown: reading.unknown,
    provisional: reading.provisional,
    used: reading.used,
    total: reading.total,
    generation,
    started_at: clock.events.filter(({ kind }) => kind === 'start').at(-1)!.at,
    ended_at: reading.state === 'ended' ? ended!.at : null,
  };
}

export async function addEvents(trx: Knex.Transaction, caseId: string, fresh: Fresh[]): Promise<void> {
  if (fresh.length === 0) return;
  await trx('clock_event').insert(
    fresh.map(({ clock, event: { kind, at, reason, basis, step, visit, limit } }) => ({
      case_id: caseId,
      clock: clock.id,
      kind,
      at,
      reason,
      basis,
      detail: JSON.stringify({ step, visit, limit }),
    })),
  );
}

/** Writes the open visits of a case as they are now. */
export async function writeVisits(trx: Knex.Transaction, caseId: string, visits: OpenVisit[]): Promise<void> {
  const kept = visits.flatMap(({ id }) => id ?? []);
  await trx('clock_visit').where({ case_id: caseId }).whereNotIn('id', kept).delete();
  for (const { id, step, visit, taskId, at, timers } of visits) {
    const values = { timers: JSON.stringify(timers) };
    if (id) await trx('clock_visit').where({ id }).update(values);
    else await trx('clock_visit').insert({ case_id: caseId, step, visit, task_id: taskId, entered_at: at, ...values });
  }
}

/** Running clocks whose last day has passed and for which silence means something. */
export async function passedAndDeemed(
  db: Knex,
  today: string,
): Promise<
  {
    case_id: string;
    title: string;
    basis: string | null;
    due_on: string;
    started_at: Date;
    declared: { deemed: { outcome: string; at: 'due' | 'start' } };
  }[]
> {
  return db('clock')
    .where({ state: 'running' })
    .where('due_on', '<', today)
    .whereRaw(`jsonb_exists(declared, 'deemed')`)
    .orderBy(['due_on', 'case_id'])
    .limit(500)
    .select('case_id', 'title', 'basis', 'due_on', 'started_at', 'declared');
}

export interface OpenTask {
  id: string;
  step: string;
  visit: number | null;
  due_on: string | null;
}

export async function openTasks(trx: Knex.Transaction, caseId: string): Promise<OpenTask[]> {
  return trx('task')
    .where({ case_id: caseId })
    .whereNull('ended_at')
    .orderBy('id')
    .select('id', 'step', 'visit', 'due_on');
}

/** The day by which lists are sorted; a trigger copies it to the group rows. */
export async function writeDue(trx: Knex.Transaction, taskId: string, dueOn: string | null): Promise<void> {
  await trx('task').where({ id: taskId }).update({ due_on: dueOn });
}

/** Live timer jobs of boundary events. The engine's own commits write these rows: they are only read here. */
export async function timerJobs(
  trx: Knex.Transaction,
  caseId: string,
  boundaries: string[],
): Promise<{ job_id: string; boundary: string; task_id: string | null }[]> {
  if (boundaries.length === 0) return [];
  return trx('clock_timer')
    .where({ case_id: caseId })
    .whereIn('boundary', boundaries)
    .whereNull('ended_tx')
    .select('job_id', 'boundary', 'task_id');
}
