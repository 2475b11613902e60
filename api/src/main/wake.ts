/** Wakes loops by NOTIFY over one connection, and every few seconds anyway: a lost notification is only late. */
import pg from 'pg';
import type { Logger } from 'pino';

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
  let client: pg.Client | null = null;
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

  async function connect(): Promise<void> {
    if (stopped) return;
    const next = new pg.Client({ connectionString });
    const retry = () => {
      if (client !== next && client !== null) return;
      client = null;
      void next.end().catch(() => undefined);
      setTimeout(() => void connect(), 500).unref();
    };
    next.on('error', retry);
    next.on('end', retry);
    next.on('notification', ({ channel }) => loops[channel]?.wake());
    try {
      await next.connect();
      client = next;
      if (stopped) return void (await next.end());
      for (const channel of Object.keys(on)) await next.query(`listen "${channel}"`);
      for (const each of Object.values(loops)) each.wake();
    } catch {
      retry();
    }
  }

  void connect();
  const timer = setInterval(() => Object.values(loops).forEach((each) => each.wake()), everyMs);
  return {
    async stop() {
      stopped = true;
      clearInterval(timer);
      const open = client;
      client = null;
      open?.removeAllListeners('end');
      await open?.end().catch(() => undefined);
      await Promise.all(Object.values(loops).map((each) => each.idle()));
    },
  };
}
