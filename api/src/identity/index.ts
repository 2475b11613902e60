/** Who sends a request: accounts, sessions, sign-in. */
import type { RequestHandler } from 'express';
import type { Audit } from '../audit/index.ts';
import type { AnyRoute, Core, Identify, Who } from '../core/index.ts';
import { createAccounts, type Accounts } from './accounts.ts';
import { identityRoutes, type IdentityRoutesDeps } from './identity.routes.ts';
import { sameOrigin } from './same-origin.ts';
import { createSessions, type Sessions } from './session.ts';
import { readWho } from './who.ts';

export type { Accounts } from './accounts.ts';

export interface Identity {
  /** Who sends the request, with the grants of this moment; null without a session. */
  identify: Identify;
  /** Go before all routes, in this order: refusal of foreign writes, session. */
  middleware: RequestHandler[];
  /** Somebody with the grants of this moment, by login; null for somebody who left. */
  whoIs(login: string): Promise<Who | null>;
  /** For an answer that stays open; answers the address at which the end of its session is told. */
  detachSession: Sessions['detach'];
  accounts: Accounts;
  routes: AnyRoute[];
  close(): Promise<void>;
}

export interface IdentityDeps {
  /** URL of the database as role app_run. */
  databaseUrl: string;
  audit: Pick<Audit, 'write'>;
  calendar: IdentityRoutesDeps['calendar'];
}

export function createIdentity(
  core: Pick<Core, 'db' | 'time' | 'settings' | 'log'>,
  { databaseUrl, audit, calendar }: IdentityDeps,
): Identity {
  const sessions = createSessions(core, databaseUrl);
  const { accounts, signIn } = createAccounts(core, { audit });
  return {
    accounts,
    detachSession: sessions.detach,
    whoIs: (login) => readWho(core, login),
    identify: async (req) => {
      const login = sessions.loginOf(req);
      return login === null ? null : readWho(core, login);
    },
    middleware: [sameOrigin(core), sessions.middleware],
    routes: identityRoutes(core, { audit, calendar, sessions, signIn }),
    close: sessions.close,
  };
}
