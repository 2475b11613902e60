/** Small pieces between areas that know nothing of one another. */
import type { Release } from '../../../contracts/flow.ts';
import type { Audit } from '../audit/index.ts';
import type { Clocks } from '../clocks/index.ts';
import type { Connectors } from '../connectors/index.ts';
import { notFound, problemKind, type Core, type Who } from '../core/index.ts';
import type { CaseRow, Commands, CommandRow, EventReader, Incidents, WorkDeps } from '../engine/index.ts';
import type { Moves } from '../moves/index.ts';
import type { OfferTask } from '../tasks/index.ts';
import type { Knex } from 'knex';

export const decidedAnew = problemKind(
  'decided-anew',
  409,
  '经办人已重新办理，不必重试',
  'The task was decided again meanwhile; nothing to retry',
);

export const stillNobody = problemKind(
  'still-nobody',
  409,
  '仍没有人能办这个环节，先设机关或授予岗位',
  'Still nobody may act on this step; create the office or grant the role first',
);

/** A decision that could not be carried out: the task is open again and the text comes back as a draft. */
export function blocked(
  core: Core,
  audit: Audit,
  moves: Pick<Moves, 'undo'>,
): (trx: Knex.Transaction, command: CommandRow, code: string) => Promise<void> {
  return async (trx, command, code) => {
    if (command.kind === 'move') {
      await trx('case').where({ id: command.case_id }).update({ moving: null });
      await moves.undo(trx, command.payload.moveId as string, 'blocked');
      await audit.write(trx, { caseId: command.case_id, action: 'move.blocked', detail: { incident: code } });
      return;
    }
    if (!command.decision_id) return;
    const decision = await trx('decision').where({ id: command.decision_id }).first();
    await trx('task').where({ id: decision.task_id }).forUpdate().first();
    const changed = await trx('decision').where({ id: decision.id, state: 'queued' }).update({ state: 'blocked' });
    if (changed === 0) return;
    await trx('task')
      .where({ id: decision.task_id, state: 'deciding' })
      .update({ state: 'open', version: trx.raw('version + 1') });
    if (decision.opinion)
      await trx('opinion_draft')
        .insert({
          task_id: decision.task_id,
          person_id: decision.person_id,
          opinion: decision.opinion,
          saved_at: core.time.now(),
        })
        .onConflict(['task_id', 'person_id'])
        .merge();
    await audit.write(trx, {
      caseId: decision.case_id,
      personId: decision.person_id,
      action: 'decision.blocked',
      step: decision.step,
      detail: { incident: code, outcome: decision.outcome },
    });
  };
}

/** Clocks follow what happened to a case. */
export function clockReader(clocks: Pick<Clocks, 'apply'>): EventReader {
  return (trx, { case: row, release, changes, closed }) =>
    clocks.apply(trx, { caseId: row.id, release, changes, ...(closed && { closed }) });
}

export function failedWork(audit: Audit): WorkDeps['onFailed'] {
  return async (trx, { caseId, step }, code) => {
    await audit.write(trx, { caseId, action: 'work.failed', step, detail: { incident: code } });
  };
}

interface IncidentRow {
  id: string;
  kind: 'command' | 'work' | 'event' | 'office' | 'calendar' | 'document' | 'connector' | 'batch';
  ref: string;
  case_id: string | null;
}

/** What an operator's retry does, by the kind of incident. */
export function retryIncident(
  core: Core,
  deps: {
    incidents: Incidents;
    audit: Audit;
    commands: Commands;
    offerTask: OfferTask;
    connectors: Pick<Connectors, 'sendAgain'>;
    release(id: string): Promise<Release>;
  },
): (who: Who, id: string) => Promise<void> {
  const { db, engine } = core;

  async function again(incident: IncidentRow): Promise<void> {
    switch (incident.kind) {
      case 'work':
        return engine.retryWork(incident.ref, 3);
      case 'command':
        return resend(incident.ref);
      case 'office':
        return offerAgain(incident.ref);
      case 'connector':
        return deps.connectors.sendAgain(incident.ref);
      case 'event':
      case 'calendar':
      case 'document':
      case 'batch':
        return; // looked at again by themselves
    }
  }

  async function resend(commandId: string): Promise<void> {
    await db.transaction(async (trx) => {
      const command: CommandRow | undefined = await trx('command')
        .where({ id: commandId, state: 'blocked' })
        .forUpdate()
        .first();
      if (!command) throw notFound();
      if (command.decision_id) {
        const { task_id: task } = await trx('decision').where({ id: command.decision_id }).first('task_id');
        await trx('task').where({ id: task }).forUpdate().first();
        if (await trx('decision').where({ task_id: task }).whereNot({ state: 'blocked' }).first('id'))
          throw decidedAnew();
        await trx('decision').where({ id: command.decision_id }).update({ state: 'queued' });
        await trx('task').where({ id: task, state: 'open' }).update({ state: 'deciding' });
      }
      await trx('command')
        .where({ id: commandId })
        .update({ state: 'queued', attempts: 0, next_at: trx.raw('clock_timestamp()') });
    });
    await deps.commands.send(commandId);
  }

  async function offerAgain(taskId: string): Promise<void> {
    await db.transaction(async (trx) => {
      const row: CaseRow | undefined = await trx('case as c')
        .join('task as t', 't.case_id', 'c.id')
        .where('t.id', taskId)
        .whereNull('t.ended_at')
        .first('c.*');
      if (!row) throw notFound();
      if (!(await deps.offerTask(trx, { row, release: await deps.release(row.release_id), taskId })))
        throw stillNobody();
    });
  }

  return async (who, id) => {
    const incident: IncidentRow | undefined = await db('incident').where({ id, state: 'open' }).first();
    if (!incident) throw notFound();
    await again(incident);
    await db.transaction(async (trx) => {
      await deps.incidents.close(trx, incident.kind, incident.ref, who.personId);
      await deps.audit.write(trx, {
        ...(incident.case_id && { caseId: incident.case_id }),
        personId: who.personId,
        action: 'incident.retried',
        detail: { kind: incident.kind, ref: incident.ref },
      });
    });
  };
}

const TRIGGERS = [
  'app_task_insert',
  'app_candidate',
  'app_task_end',
  'app_activity_insert',
  'app_activity_end',
  'app_instance_start',
  'app_instance_end',
  'app_work',
  'app_timer',
];

/** What has to be there before the app serves: database, migrations with their triggers, engine. */
export function readiness(core: Core): () => Promise<Record<string, boolean>> {
  return async () => {
    const yes = (question: Promise<boolean>) => question.catch(() => false);
    const [database, triggers, engine] = await Promise.all([
      yes(core.db.raw('select 1').then(() => true)),
      yes(
        core.db
          .raw('select count(distinct tgname)::int as n from pg_trigger where tgname = any(?)', [TRIGGERS])
          .then(({ rows }) => rows[0].n === TRIGGERS.length),
      ),
      core.engine.ready(),
    ]);
    return { database, triggers, engine };
  };
}
