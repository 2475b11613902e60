import { setTimeout as pause } from 'node:timers/promises';
import type { Report } from './problem.ts';

/** Something that runs until it is stopped or dies. */
export interface Running {
  /** Settles when it has ended, whoever ended it. */
  ended: Promise<void>;
  stop(): Promise<void>;
}

const LONGEST_PAUSE_MS = 30_000;
const HEALTHY_MS = 60_000;

/**
 * Starts it and starts it again whenever it dies: after 1 s, then after twice as long each time until it has lived for a
 * minute. Throws only when the first start fails.
 */
export async function keepRunning(o: {
  name: string;
  start: () => Promise<Running>;
  report: Report;
}): Promise<{ stop(): Promise<void> }> {
  let current: Running | undefined = await o.start();
  let stopping = false;
  const stopped = new AbortController();
  const watch = (async () => {
    let wait = 1000;
    while (!stopping) {
      const since = Date.now();
      await current?.ended;
      if (stopping) return;
      if (Date.now() - since > HEALTHY_MS) wait = 1000;
      o.report(`${o.name} 已退出，${wait / 1000} 秒后重新启动 · ended, starting again in ${wait / 1000} s`);
      await pause(wait, undefined, { signal: stopped.signal }).catch(() => undefined);
      wait = Math.min(wait * 2, LONGEST_PAUSE_MS);
      if (stopping) return;
      current = await o.start().catch((error: Error) => void o.report(`${o.name}：${error.message}`));
      if (current) o.report(`${o.name} 已恢复 · is running again`);
    }
  })();
  return {
    async stop() {
      stopping = true;
      stopped.abort();
      // a start that is under way when the stop comes must not survive it
      await Promise.all([current?.stop(), watch]);
      await current?.stop();
    },
  };
}
