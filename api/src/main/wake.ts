/** Wakes loops by NOTIFY over one connection, and every few seconds anyway: a lost notification is only late. */
import type { Logger } from 'pino';
import { listen } from '../core/index.ts';

export interface Waker {
  stop(): Promise<void>;
}

/** `on`: channel → what to do. Runs of one channel never overlap; a notification during one leads to one more. */
export function createWaker(
  connectionString: string,
  log: Logger,
  on: Record<string, () => Promise<unknown>>,
  everyMs = 5000,
): Waker {
  let stopped = false;
  const loops = Object.fromEntries(Object.entries(on).map(([channel, run]) => [channel, loop(channel, run)]));

  function loop(name: string, run: () => Promise<unknown>): { wake(): void; idle(): Promise<void> } {
    let running: Promise<void> | null = null;
    let again = false;
    const wake = () => {
      if (stopped) return;
      if (running) {
        again = true;
        return;
      }
      running = run()
        .then(
          () => undefined,
          (error: Error) => log.error({ loop: name, error: error.message }, 'a loop failed; it runs again'),
        )
        .finally(() => {
          running = null;
          if (again) {
            again = false;
            wake();
          }
        });
    };
    return { wake, idle: async () => running ?? undefined };
  }

  const listening = listen(connectionString, log, {
    channels: Object.keys(on),
    heard: (channel) => loops[channel]?.wake(),
    connected: () => Object.values(loops).forEach((each) => each.wake()),
  });
  const timer = setInterval(() => Object.values(loops).forEach((each) => each.wake()), everyMs);
  return {
    async stop() {
      stopped = true;
      clearInterval(timer);
      await listening.stop();
      await Promise.all(Object.values(loops).map((each) => each.idle()));
    },
  };
}
