import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import type { Core } from '../core/index.ts';

export interface IncidentInput {
  kind: 'command' | 'work' | 'event' | 'office' | 'calendar' | 'document' | 'connector' | 'batch';
  /** What it is about: a command's, external task's or task's id. One open incident per kind and ref. */
  ref: string;
  caseId?: string | null;
  step?: string | null;
  message: string;
  detail?: string;
}

export interface Incidents {
  /** Opens an incident, or counts it once more; returns the code that people are told, such as `E-7F31`. */
  open(db: Knex, incident: IncidentInput): Promise<string>;
  close(db: Knex, kind: IncidentInput['kind'], ref: string, by?: string): Promise<void>;
}

/** Incidents are what an operator sees: something stopped that nobody else can mend. */
export function createIncidents(core: Core): Incidents {
  return {
    async open(db, incident) {
      const row = {
        code: `E-${randomBytes(3).toString('hex').toUpperCase()}`,
        case_id: incident.caseId ?? null,
        kind: incident.kind,
        ref: incident.ref,
        step: incident.step ?? null,
        message: incident.message.slice(0, 2000),
        detail: incident.detail?.slice(0, 8000) ?? null,
        opened_at: core.time.now(),
      };
      const [{ code }] = await db('incident')
        .insert(row)
        .onConflict(db.raw(`(kind, ref) where state = 'open'`))
        .merge({ seen: db.raw('incident.seen + 1'), message: row.message, detail: row.detail })
        .returning('code');
      return code;
    },
    async close(db, kind, ref, by) {
      await db('incident')
        .where({ kind, ref, state: 'open' })
        .update({ state: 'closed', closed_at: core.time.now(), closed_by: by ?? null });
    },
  };
}
