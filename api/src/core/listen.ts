import pg from 'pg';
import type { Logger } from 'pino';

export interface Listening {
  stop(): Promise<void>;
}

export interface Listener {
  channels: string[];
  heard(channel: string, payload: string): void;
  /** Listens now, for the first time or again; what was told meanwhile is lost. */
  connected(): void;
}

const AGAIN_MS = 500;

/** Listens to channels of NOTIFY over one connection of its own, and comes back by itself after the database was away. */
export function listen(connectionString: string, log: Logger, { channels, heard, connected }: Listener): Listening {
  let stopped = false;
  let client: pg.Client | null = null;
  let timer: NodeJS.Timeout | undefined;

  async function connect(): Promise<void> {
    const next = new pg.Client({ connectionString, keepAlive: true });
    let lost = false;
    const again = (error?: Error) => {
      if (lost) return;
      lost = true;
      client = null;
      void next.end().catch(() => undefined);
      if (stopped) return;
      if (error) log.warn({ channels, error: error.message }, 'not listening; trying again');
      timer = setTimeout(() => void connect(), AGAIN_MS).unref();
    };
    next.on('error', again);
    next.on('end', () => again());
    next.on('notification', ({ channel, payload }) => heard(channel, payload ?? ''));
    try {
      await next.connect();
      for (const channel of channels) await next.query(`listen "${channel}"`);
      if (stopped) return void (await next.end());
      client = next;
      connected();
    } catch (error) {
      again(error as Error);
    }
  }

  void connect();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await client?.end().catch(() => undefined);
    },
  };
}
