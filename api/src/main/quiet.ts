/** Waits until nothing is left to do by itself: no event, command, work, job that is due at the app's time. */
import type { EngineWorker } from '../../../engine-adapters/port/index.ts';
import type { Core } from '../core/index.ts';
import type { Commands, Events } from '../engine/index.ts';

export interface QuietDeps {
  events: Events;
  commands: Commands;
  imports: { pump(): Promise<void> };
  previews: { pump(): Promise<void> };
  connectors: { pump(options: { waiting: boolean }): Promise<number> };
  /** Null where another process does the work. */
  worker(): EngineWorker | null;
  /** Runs jobs that are due: for engines whose executor is off. */
  runJobs: boolean;
  tick(): Promise<void>;
}

const LIMIT_MS = 120_000;

/** Throws with what is left when it does not come to rest within two minutes. */
export function createQuiet(core: Core, deps: QuietDeps): () => Promise<void> {
  const { db, engine } = core;

  async function openWork(): Promise<string[]> {
    const work = (await engine.openWork({})).filter((w) => w.retries !== 0);
    return work.map((w) => `work ${w.topic} at ${w.activityId}${w.failure ? `: ${w.failure}` : ''}`);
  }

  /** Answers what work is left after what there was has been done. */
  async function doWork(): Promise<string[]> {
    const worker = deps.worker();
    const there = await openWork();
    if (there.length > 0) await worker?.fetchNow();
    await worker?.idle();
    return worker && there.length > 0 ? openWork() : there;
  }

  /** Answers the jobs that there were: whatever came of them is looked at in the next round. */
  async function doJobs(): Promise<string[]> {
    const jobs = (await engine.jobs({ kind: 'message' })).filter((job) => job.retries > 0);
    if (deps.runJobs) for (const { id } of jobs) await engine.executeJob(id).catch(() => undefined);
    return jobs.map((job) => `job at ${job.activityId}`);
  }

  async function leftInDatabase(): Promise<string[]> {
    const [events, commands, imports, previews, calls] = await Promise.all([
      db('engine_event').count('* as n').first(),
      db('command').where({ state: 'queued' }).select('kind', 'last_error'),
      db('form_import').whereIn('state', ['waiting', 'running']).select('name'),
      db('file_preview').whereIn('state', ['waiting', 'running']).select('hash'),
      db('connector_call').where({ state: 'queued' }).select('system', 'message'),
    ]);
    return [
      ...(Number(events!.n) > 0 ? [`${events!.n} events`] : []),
      ...commands.map((c) => `command ${c.kind}${c.last_error ? `: ${c.last_error}` : ''}`),
      ...imports.map((i) => `import of ${i.name}`),
      ...previews.map((one) => `preview of ${one.hash}`),
      ...calls.map((c) => `call of ${c.system} ${c.message}`),
    ];
  }

  return async () => {
    const until = Date.now() + LIMIT_MS;
    let rest: string[] = [];
    while (Date.now() < until) {
      await deps.commands.pump({ waiting: true });
      await deps.imports.pump();
      await deps.previews.pump();
      await deps.connectors.pump({ waiting: true });
      await deps.events.drain();
      const inEngine = [...(await doWork()), ...(await doJobs())];
      await deps.events.drain();
      // A tick costs dozens of statements and finds nothing new while the engine is busy.
      if (inEngine.length === 0) await deps.tick();
      rest = [...inEngine, ...(await leftInDatabase())];
      if (rest.length === 0) return;
      // Somebody else has it in hand (a lease, a lock, another process): give way.
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`not quiet after ${LIMIT_MS / 1000} s: ${rest.join('; ')}`);
  };
}
