import {
  Client,
  type LockedTask,
  type TaskService,
  type TopicQuery,
  type Variables,
} from 'camunda-external-task-client-js';
import type { EngineWorker, Work, WorkerOptions, WorkHandler } from '../port/index.ts';
import type { Failpoints } from './failpoints.ts';
import { complete, fail, toEngineError } from './results.ts';
import { baseUrl, REQUEST_MS, tokenHeader, type RestOptions } from './rest.ts';
import { fromTyped } from './variables.ts';

type DeliveredTask = LockedTask & { variables: Variables };

/**
 * Fetches and finishes external tasks with the client library, whose own polling, error reports and request limits are
 * not used: it polls at a fixed interval, never reports what a handler throws, and waits for an answer without end.
 */
export function createWorker(
  connection: RestOptions & { failpoints?: Failpoints },
  { id, topics, concurrency = 20, limits = {}, pollMs = 5_000, lockMs = 30_000, report }: WorkerOptions,
): EngineWorker {
  const client = new Client({
    baseUrl: baseUrl(connection),
    workerId: id,
    autoPoll: false,
    lockDuration: lockMs,
    interceptors: (request) => ({
      ...request,
      headers: tokenHeader(connection.token),
      timeout: { request: connection.timeoutMs ?? REQUEST_MS },
      retry: { limit: 0 },
    }),
  });
  for (const [topic, handler] of Object.entries(topics))
    client.subscribe(topic, {}, ({ task, taskService }) => handle(handler, task, taskService));

  const running = new Map<Promise<void>, string>();
  let stopping = false;
  let fetching: Promise<number> = Promise.resolve(0);
  /** Whether work may be left that there was no room for. */
  let more = false;
  let woken = false;
  let endWait = () => {};

  const loop = (async () => {
    while (!stopping) {
      woken = false;
      await fetchNow();
      if (!woken) await wait();
    }
  })();

  return { wake, busy: () => running.size, idle, fetchNow, stop };

  function wake(): void {
    woken = true;
    endWait();
  }

  function wait(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, pollMs);
      endWait = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function idle(): Promise<void> {
    await fetching;
    while (running.size > 0) {
      await Promise.all(running.keys());
      await fetching;
    }
  }

  async function stop(): Promise<void> {
    stopping = true;
    wake();
    await loop;
    await idle();
  }

  function fetchNow(): Promise<number> {
    fetching = fetching.then(fetchOnce);
    return fetching;
  }

  async function fetchOnce(): Promise<number> {
    more = false;
    let got = 0;
    for (const names of groups()) {
      const room = Math.min(concurrency - running.size, ...names.map(roomOf));
      const tasks = stopping || room <= 0 ? [] : await fetchTasks(names, room);
      for (const task of tasks) start(task);
      more ||= tasks.length >= room;
      got += tasks.length;
    }
    return got;
  }

  /** Topics that are fetched by one request: those without a limit together, the others one by one. */
  function groups(): string[][] {
    const free = Object.keys(topics).filter((topic) => limits[topic] === undefined);
    const limited = Object.keys(topics).filter((topic) => limits[topic] !== undefined);
    return [...(free.length > 0 ? [free] : []), ...limited.map((topic) => [topic])];
  }

  function roomOf(topic: string): number {
    return (limits[topic] ?? Infinity) - [...running.values()].filter((other) => other === topic).length;
  }

  async function fetchTasks(names: string[], maxTasks: number): Promise<LockedTask[]> {
    const query = names.map((topicName): TopicQuery => ({
      topicName,
      lockDuration: lockMs,
      includeExtensionProperties: true,
    }));
    try {
      return await client.engineService.fetchAndLock({ maxTasks, usePriority: false, topics: query });
    } catch (error) {
      report('fetch', toEngineError(error));
      return [];
    }
  }

  function start(task: LockedTask): void {
    const run = client.executeTask(task).finally(() => {
      running.delete(run);
      if (more) wake();
    });
    running.set(run, task.topicName);
  }

  async function handle(handler: WorkHandler, task: DeliveredTask, service: TaskService): Promise<void> {
    const work = toWork(task);
    const delivery = { work, task, service, report, failpoints: connection.failpoints };
    const extending = setInterval(() => {
      service.extendLock(task, lockMs).catch((cause) => report('extend', toEngineError(cause), work));
    }, lockMs / 2);
    const tell = await (async () => handler(work))().then(
      (variables) => () => complete(delivery, variables ?? {}),
      (error: Error) => () => fail(delivery, error),
    );
    clearInterval(extending);
    await tell();
  }
}

function toWork(task: DeliveredTask): Work {
  return {
    id: task.id,
    topic: task.topicName,
    businessKey: task.businessKey,
    instanceId: task.processInstanceId,
    definitionKey: task.processDefinitionKey,
    definitionId: task.processDefinitionId,
    activityId: task.activityId,
    activityInstanceId: task.activityInstanceId,
    executionId: task.executionId,
    variables: fromTyped(task.variables.getAllTyped()),
    retries: task.retries,
    properties: task.extensionProperties ?? {},
  };
}
