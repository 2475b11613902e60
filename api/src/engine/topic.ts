import type { Knex } from 'knex';
import type { z } from 'zod';
import type { Variables } from '../../../engine-adapters/port/index.ts';
import type { CompiledFlow, PublicationList, Release, Role } from '../../../contracts/flow.ts';

/** The row of a case as the database has it; times are injected time. */
export interface CaseRow {
  id: string;
  number: string;
  flow: string;
  release_id: string;
  title: string;
  subject_register: string | null;
  subject_id: string | null;
  subject_name: string;
  office: string;
  division: string | null;
  starter: string;
  institution_id: string | null;
  /** The certificate that the case is about. */
  certificate_id: string | null;
  state: 'starting' | 'running' | 'closed';
  result: string | null;
  stage: string | null;
  received_at: Date;
  accepted_at: Date | null;
  closed_at: Date | null;
  engine_instance_id: string | null;
  started_at: Date | null;
  moving: { move: string; until: string } | null;
  facts: Record<string, unknown>;
}

/** What flows share, as far as a topic's input may name it. */
export interface SharedNames {
  roles: Role[];
  numberRules: string[];
  lists: PublicationList[];
}

/** What a topic's handler gets: one visit of an external-task step of a case. */
export interface TopicWork<I = unknown> {
  /** Id of the external task: the same when it is delivered again, new when the step is entered again. */
  id: string;
  /** The activity instance: this visit of the step as the engine knows it. */
  instance: string;
  caseId: string;
  number: string;
  case: CaseRow;
  release: Release;
  step: string;
  visit: number;
  /** Element of the thread of a multi-instance sub-process (of nested ones `a/b`), else ''. */
  thread: string;
  topic: string;
  input: I;
  variables: Variables;
}

/**
 * One external-task topic. Delivery is at-least-once; the runtime makes the effects happen once:
 * `reserve` (short transaction, its result is kept with the receipt) → `prepare` (no transaction: rendering, signing,
 * questions) → `handle` (one transaction with the finished receipt) → completion.
 * A handler returns its output or throws BusinessError, RetryableError or PermanentError; it never talks to the engine.
 */
export interface Topic<I = unknown, O = unknown, R = unknown, P = unknown> {
  name: string;
  title: { zh: string; en: string };
  /** What a second visit of the step means: do it again, return the first output, or supersede what the first one made. */
  effect: 'repeat' | 'once' | 'replace';
  input: z.ZodType<I>;
  output: z.ZodType<O>;
  /** What the input names and neither the flow's package nor what flows share has; asked before a release. */
  missing?(input: I, flow: CompiledFlow, shared: SharedNames): { zh: string; en: string }[];
  /** BPMN error codes that the handler may throw. */
  errors: string[];
  reserve?(trx: Knex.Transaction, work: TopicWork<I>): Promise<R>;
  prepare?(work: TopicWork<I>, reserved: R): Promise<P>;
  handle(trx: Knex.Transaction, work: TopicWork<I>, prepared: P, reserved: R): Promise<O>;
}

export type AnyTopic = Topic<never, unknown, never, never>;

/** Only infers the types of one declaration. */
export function defineTopic<I, O, R = undefined, P = undefined>(topic: Topic<I, O, R, P>): AnyTopic {
  return topic as unknown as AnyTopic;
}
