/** Waits until nothing is left to do by itself: no event, command, work, job that is due at the app's time. */
import type { EngineWorker } from '../../../engine-adapters/port/index.ts';
import type { Core } from '../core/index.ts';
import type { Commands, Events } from '../engine/index.ts';

export interface QuietDeps {
  events: Events;
  commands: Commands;
  imports: { pump(): Promise<void> };
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

  async function left(): Promise<string[]> {
    const [events, commands, imports, work, messages] = await Promise.all([
      db('engine_event').count('* as n').first(),
      db('command').where({ state: 'queued' }).select('kind', 'last_error'),
      db('form_import').whereIn('state', ['waiting', 'running']).select('name'),
      engine.openWork({}),
      engine.jobs({ kind: 'message' }),
    ]);
    const waiting = work.filter((w) => w.retries !== 0);
    return [
      ...(Number(events!.n) > 0 ? [`${events!.n} events`] : []),
      ...commands.map((c) => `command ${c.kind}${c.last_error ? `: ${c.last_error}` : ''}`),
      ...imports.map((i) => `import of ${i.name}`),
      ...waiting.map((w) => `work ${w.topic} at ${w.activityId}${w.failure ? `: ${w.failure}` : ''}`),
      ...messages.filter((j) => j.retries > 0).map((j) => `job at ${j.activityId}`),
    ];
  }

  return async () => {
    const until = Date.now() + LIMIT_MS;
    let rest: string[] = [];
    while (Date.now() < until) {
      await deps.commands.pump({ waiting: true });
      await deps.imports.pump();
      await deps.events.drain();
      const worker = deps.worker();
      if (worker) {
        await worker.fetchNow();
        await worker.idle();
      }
      if (deps.runJobs)
        for (const job of await engine.jobs({ kind: 'message' }))
          if (job.retries > 0) await engine.executeJob(job.id).catch(() => undefined);
      await deps.events.drain();
      await deps.tick();
      rest = await left();
      if (rest.length === 0) return;
      // Somebody else has it in hand (a lease, a lock, another process): give way.
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`not quiet after ${LIMIT_MS / 1000} s: ${rest.join('; ')}`);
  };
}
