import type { EngineWorker, WorkerOptions } from './work.ts';

export type Value = string | number | boolean | null;

/**
 * Process variables: names are letters (Chinese ones too), digits and `_`, not beginning with a digit; strings have at
 * most 4,000 characters; numbers are finite, whole ones safe integers.
 */
export type Variables = Record<string, Value>;

/** Date of a timer that is not to fire: written in models, and what `setJobDue(id, 'never')` sets. */
export const NEVER = '9999-01-01T00:00:00Z';

export interface Definition {
  id: string;
  key: string;
  version: number;
}

export interface Deployment {
  /** Equal bytes under an equal name are deployed once. */
  name: string;
  files: { name: string; bytes: Uint8Array }[];
}

export interface Deployed {
  deploymentId: string;
  /** The process definitions of the deployment. */
  definitions: Definition[];
  /** True where the same bytes had been deployed under this name before: the deployment is the old one. */
  unchanged: boolean;
}

export interface FoundInstance {
  instanceId: string;
  /** `completed`: reached an end event; `ended`: was deleted. */
  state: 'active' | 'completed' | 'ended';
}

/** A token before an asynchronous step that has no activity instance yet. */
export interface Transition {
  id: string;
  activityId: string;
  executionId: string;
}

/** A node of the live tree; the root is the process instance. */
export interface ActivityNode {
  /** Id of the activity instance, stable as long as it lives (execution ids are not). */
  id: string;
  activityId: string;
  /** As BPMN names it (`userTask`, `subProcess`, `parallelGateway` for a token waiting at a join, `multiInstanceBody` …). */
  activityType: string;
  executionIds: string[];
  /** The open user task of this activity instance; absent where it ended while the tree was read. */
  taskIds?: string[];
  children: ActivityNode[];
  transitions: Transition[];
}

/**
 * `start` puts a token before an activity. `ancestor` is the activity instance (of a thread) to start in.
 * `variables` are written where they live now, `local` in the scope that is begun: give them to a thread only, those of
 * a plain step would land on the process instance.
 * `cancel` ends an activity instance with all below it; `transition` says that the id is a transition's.
 */
export type MoveInstruction =
  | { kind: 'start'; activityId: string; ancestor?: string; variables?: Variables; local?: Variables }
  | { kind: 'cancel'; instanceId: string; transition?: boolean };

export interface Migration {
  instanceId: string;
  fromDefinition: string;
  toDefinition: string;
  /** Activity id in the old definition → in the new one; steps of equal id need no entry. */
  mapping?: Record<string, string>;
  /** Written on the instance in the same transaction. */
  variables?: Variables;
}

export interface JobQuery {
  instanceId?: string;
  /** Jobs due at this moment or before it; jobs without a date are left out then. */
  dueUntil?: Date;
  kind?: Job['kind'];
}

export interface Job {
  id: string;
  instanceId: string;
  /** `message`: an asynchronous continuation, to be run as soon as possible. */
  kind: 'timer' | 'message';
  due: Date | null;
  /** The boundary event or step that the job belongs to. */
  activityId: string;
  retries: number;
  failure?: string;
}

export interface OpenWork {
  id: string;
  topic: string;
  instanceId: string;
  activityId: string;
  /** Null before the first failure; 0: stopped until an operator sets it. */
  retries: number | null;
  locked: boolean;
  failure?: string;
}

export interface Incident {
  id: string;
  kind: 'job' | 'work' | 'other';
  /** The job's or work's id. */
  of: string | null;
  instanceId: string;
  activityId: string;
  at: Date;
  message: string;
}

/** All methods throw `EngineError` and nothing else. None of them is called with a transaction or row lock open. */
export interface EnginePort {
  /** Whether the engine answers. Never throws. */
  ready(): Promise<boolean>;

  /** @throws invalid with the element where a model breaks a rule of the engine, or where no file defines anything. */
  deploy(deployment: Deployment): Promise<Deployed>;

  /**
   * Starts a case. Every variable that the model reads must be given, null where it has no value.
   * @throws conflict where the business key was used before, also by a case that has ended: then `find` it.
   */
  start(start: { definitionId: string; businessKey: string; variables: Variables }): Promise<{ instanceId: string }>;

  /** The case of a business key, running or ended, as long as the engine keeps its history. */
  find(businessKey: string): Promise<FoundInstance | null>;

  /**
   * Completes a user task. Variables land where they are declared, else on the process instance.
   * @throws gone where the task has ended; conflict where another transaction of the case was faster (normal at joins:
   *   again after some 20 ms); refused where the next step cannot be entered, the task stays open then.
   */
  complete(taskId: string, variables: Variables): Promise<void>;

  /**
   * Lets the token that waits in a receive step go on, with variables for its instance; `visit` is the activity
   * instance to tell where threads wait in the same step.
   * @throws gone where none waits there; conflict as for `complete`.
   */
  receive(receipt: { instanceId: string; activityId: string; visit?: string; variables: Variables }): Promise<void>;

  /** @throws gone where the instance has ended. */
  tree(instanceId: string): Promise<ActivityNode>;

  /**
   * Carries out the instructions in their order, as one transaction: all or none.
   * @throws invalid where nothing is started (the engine would delete the case), gone where an id is no longer live.
   */
  move(instanceId: string, instructions: MoveInstruction[]): Promise<void>;

  /**
   * Puts one instance on another definition; dates of its timers stay as they are.
   * @throws refused (cannot-migrate) where something lives that the other definition has no place for; refused
   *   (other-definition) where the instance isn't on `fromDefinition`, as after a first try that got through.
   */
  migrate(migration: Migration): Promise<void>;

  /** Evaluates a decision table, that of a deployment or the latest of the key; one record per row that hit. */
  evaluate(evaluation: { key: string; deploymentId?: string; variables: Variables }): Promise<Variables[]>;

  /** Sorted by due date (none first), activity id, id. */
  jobs(query: JobQuery): Promise<Job[]>;

  /**
   * Runs a job now, due or not.
   * @throws gone; refused where the job fails: it has one try less then.
   */
  executeJob(id: string): Promise<void>;

  /** A date that has passed means now. */
  setJobDue(id: string, due: Date | 'never'): Promise<void>;

  /** Gives a failed job new tries and closes its incident. */
  retryJob(id: string, retries: number): Promise<void>;

  /**
   * Gives failed or waiting work new tries, closes its incident and ends its waiting time. Not for work that a worker
   * handles at the moment: it would be delivered a second time.
   */
  retryWork(id: string, retries: number): Promise<void>;

  /** Work that isn't finished, sorted by id. */
  openWork(query: { instanceId?: string; topic?: string }): Promise<OpenWork[]>;

  incidents(query: { instanceId?: string }): Promise<Incident[]>;

  /** A worker that fetches from its making on. */
  worker(options: WorkerOptions): EngineWorker;

  /** Closes connections; workers are stopped before. */
  close(): Promise<void>;
}
