import { Variables as ClientVariables, type LockedTask, type TaskService } from 'camunda-external-task-client-js';
import { setTimeout as pause } from 'node:timers/promises';
import {
  BusinessError,
  EngineError,
  PermanentError,
  RetryableError,
  type Variables,
  type Work,
  type WorkerOptions,
} from '../port/index.ts';
import { readAnswer, toError } from './answers.ts';
import { at, type Failpoints } from './failpoints.ts';
import { noAnswer } from './rest.ts';
import { toTyped } from './variables.ts';

/** One delivery of work, whose result is to be told to the engine. */
export interface Delivery {
  work: Work;
  task: LockedTask;
  service: TaskService;
  report: WorkerOptions['report'];
  failpoints: Failpoints | undefined;
}

const TRIES = 3;
/** Milliseconds until the next try, by the tries that are left. */
const WAITS: Record<number, number> = { 2: 1_000, 1: 10_000 };
/** Milliseconds after which a conflict, normal at joins, is answered by asking again. */
const CONFLICT_WAITS = [20, 60, 200];
/** The engine stores no more of a failure's message. */
const MESSAGE_LENGTH = 600;

/**
 * Tells the engine that the work is done. Only an answer that the work is no longer ours drops it; whatever else the
 * engine refuses becomes an incident, or the work would be done again after every lock.
 */
export function complete(delivery: Delivery, variables: Variables): Promise<void> {
  return tell(delivery, () =>
    at(delivery.failpoints, 'engine.work-complete', async () =>
      delivery.service.complete(delivery.task, clientVariables(variables)),
    ),
  );
}

/** Tells the engine what the handler has thrown. */
export function fail(delivery: Delivery, error: Error): Promise<void> {
  if (error instanceof BusinessError)
    return tell(delivery, async () =>
      delivery.service.handleBpmnError(
        delivery.task,
        error.code,
        error.message,
        clientVariables(error.variables ?? {}),
      ),
    );
  const left = error instanceof PermanentError ? 0 : Math.max(0, (delivery.work.retries ?? TRIES) - 1);
  const afterMs = error instanceof RetryableError ? error.afterMs : undefined;
  return tellFailure(delivery, error, left, afterMs ?? WAITS[left] ?? 0);
}

async function tell(delivery: Delivery, send: () => Promise<void>): Promise<void> {
  const refusal = await sent(send);
  if (!refusal) return;
  const { work, report } = delivery;
  if (refusal.kind === 'gone') report('gone', refusal, work);
  else if (refusal.kind === 'unavailable') report('unreported', refusal, work);
  else if (refusal.kind === 'conflict') await tellFailure(delivery, refusal, work.retries ?? TRIES, WAITS[2]!);
  else await tellFailure(delivery, refusal, 0, 0);
}

async function tellFailure(delivery: Delivery, error: Error, retries: number, retryTimeout: number): Promise<void> {
  const { work, task, service, report } = delivery;
  report(retries > 0 ? 'retry' : 'incident', error, work);
  const refusal = await sent(() =>
    service.handleFailure(task, {
      errorMessage: error.message.slice(0, MESSAGE_LENGTH),
      errorDetails: error.stack ?? error.message,
      retries,
      retryTimeout,
    }),
  );
  if (refusal) report(refusal.kind === 'gone' ? 'gone' : 'unreported', refusal, work);
}

/** What stands in the way of sending, after conflicts were tried again. */
async function sent(send: () => Promise<void>): Promise<EngineError | undefined> {
  for (const wait of [...CONFLICT_WAITS, undefined]) {
    try {
      await send();
      return;
    } catch (cause) {
      const error = toEngineError(cause);
      if (error.kind !== 'conflict' || wait === undefined) return error;
      await pause(wait * (0.5 + Math.random()));
    }
  }
}

/** The library's errors: an answer of the engine, or none. */
export function toEngineError(cause: unknown): EngineError {
  if (cause instanceof EngineError) return cause;
  const { response, message } = cause as Error & { response?: { statusCode: number; body: Buffer } };
  return response ? toError(readAnswer(response.statusCode, response.body.toString())) : noAnswer(message);
}

function clientVariables(variables: Variables): ClientVariables {
  return new ClientVariables().setAllTyped(toTyped(variables));
}
