/** Who did what, when, for whom: append-only lines in SM3 chains (one per case, one per day for what has no case). */
import type { Knex } from 'knex';
import type { Core } from '../core/index.ts';
import { createAnchor } from './anchor.ts';
import { createTimeline, type Timeline } from './timeline.ts';
import { createVerify, type Verification } from './verify.ts';
import { createWrite, type AuditEvent } from './write.ts';

export type { AuditEvent } from './write.ts';
export type { Timeline, TimelineEntry } from './timeline.ts';
export type { AuditFault, Verification } from './verify.ts';
export { createVerify } from './verify.ts';

/** In whose name something is written: spread it into the event. */
export type Actor = Pick<AuditEvent, 'personId' | 'onBehalfOf' | 'role' | 'office'>;

export interface Audit {
  /**
   * Adds a line at `time.now()` within the caller's transaction. Other writers of the same chain wait for its end; a
   * transaction that writes about a case and about something without one writes the case's lines first.
   */
  write(trx: Knex.Transaction, event: AuditEvent): Promise<{ hash: string }>;
  /** What the lines of a case say, as sentences. */
  timeline: Timeline;
  /**
   * Chains the heads of the chains that grew since the last time; called every minute. Answers the anchor's hash, null
   * when nothing grew. Several copies of the api wait for one another.
   */
  anchor(): Promise<string | null>;
  /** Reads every line and anchor and says where they don't fit together. */
  verify(): Promise<Verification>;
}

export function createAudit(core: Pick<Core, 'db' | 'time' | 'log'>): Audit {
  return {
    write: createWrite(core),
    timeline: createTimeline(core),
    anchor: createAnchor(core),
    verify: createVerify(core),
  };
}
