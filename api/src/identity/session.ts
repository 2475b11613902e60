import { createHash } from 'node:crypto';
import connectPgSimple from 'connect-pg-simple';
import type { Request, RequestHandler } from 'express';
import session from 'express-session';
import pg from 'pg';
import type { Core } from '../core/index.ts';

declare module 'express-session' {
  interface SessionData {
    login: string;
    /** Milliseconds, real time, of the last renewal. */
    seenAt: number;
  }
}

/** A session ends after so long without a request. */
const IDLE = 2 * 60 * 60_000;
/** How often use is written down: not with every request. */
const RENEW = 5 * 60_000;

export interface Sessions {
  /** Reads the session of a request; goes before all routes. */
  middleware: RequestHandler;
  /** The login of the request's session; use keeps it alive. */
  loginOf(req: Request): string | null;
  /**
   * For an answer that stays open: at its end the session isn't written any more, or one that was ended meanwhile would
   * come back. Answers the address at which its end is told (migration `live`).
   */
  detach(req: Request): string;
  /** Begins a session under a new id, so that one planted before the sign-in is worth nothing. */
  begin(req: Request, login: string): Promise<void>;
  end(req: Request): Promise<void>;
  /** Ends the connections of this store. */
  close(): Promise<void>;
}

/** Sessions in table `session`, over connections of their own to `databaseUrl`. */
export function createSessions(core: Pick<Core, 'settings' | 'log'>, databaseUrl: string): Sessions {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 4 });
  pool.on('error', (error) => core.log.error({ error }, 'connection of the session store'));
  const store = new (connectPgSimple(session))({
    pool,
    schemaName: 'app',
    tableName: 'session',
    disableTouch: true,
    errorLog: (...args: unknown[]) => core.log.error({ args }, 'session store'),
  });
  const secure = core.settings.publicUrl.startsWith('https:');

  return {
    middleware: session({
      name: 'zhunyu',
      secret: core.settings.sessionSecret,
      store,
      resave: false,
      saveUninitialized: false,
      rolling: false,
      // Behind a proxy that speaks https to the browser and http to us.
      proxy: secure || undefined,
      cookie: { httpOnly: true, sameSite: 'lax', secure, maxAge: IDLE },
    }),
    loginOf(req) {
      const { login, seenAt } = req.session ?? {};
      if (!login) return null;
      if (Date.now() - (seenAt ?? 0) > RENEW) req.session.seenAt = Date.now();
      return login;
    },
    detach(req) {
      Object.assign(req, { session: undefined });
      return `session:${createHash('sha256').update(req.sessionID).digest('hex')}`;
    },
    begin: (req, login) =>
      new Promise((resolve, reject) => {
        req.session.regenerate((error) => {
          if (error) return reject(error);
          Object.assign(req.session, { login, seenAt: Date.now() });
          req.session.save((failed) => (failed ? reject(failed) : resolve()));
        });
      }),
    end: (req) => new Promise((resolve, reject) => req.session.destroy((error) => (error ? reject(error) : resolve()))),
    async close() {
      await store.close();
      await pool.end();
    },
  };
}
