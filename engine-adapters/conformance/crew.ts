import type { EngineWorker, Variables, Work, WorkerOptions, WorkHandler, WorkReport } from '../port/index.ts';
import type { Given } from './index.ts';
import type { Case } from './kit.ts';
import { end, path, start, user, work } from './models.ts';

/** One step of work, `w`, between two user tasks. */
export function oneStep(topic: string, properties?: Record<string, string>): string[] {
  return [start('s'), user('a'), work('w', topic, properties), user('b'), end('e'), path('s a w b e')];
}

/** Something to wait for until somebody opens it. */
export function gate(): { opened: Promise<void>; open(): void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

/** Workers and what they report, for the tests of the enclosing `describe`; they are stopped after each test. */
export function createCrew(on: Given) {
  const workers: EngineWorker[] = [];
  const reports: { kind: WorkReport; error: Error; work?: Work }[] = [];
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.stop()));
    reports.length = 0;
  });

  return {
    reports,
    kinds: () => reports.map(({ kind }) => kind),

    /** A worker that fetches once by itself, then only when it is told to. */
    employ(topics: Record<string, WorkHandler>, options: Partial<WorkerOptions> = {}, port = on.port): EngineWorker {
      const worker = port.worker({
        id: `worker-${Math.random()}`,
        topics,
        pollMs: 60_000,
        report: (kind, error, work) => reports.push({ kind, error, work }),
        ...options,
      });
      workers.push(worker);
      return worker;
    },

    /** A case whose work of the topic waits. */
    async begun(topic: string, variables: Variables = {}): Promise<Case> {
      const it = await on.run(topic, oneStep(topic), { variables });
      await on.complete(it, 'a');
      return it;
    },
  };
}
