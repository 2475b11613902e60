/** Open pages hear at once that something of theirs has changed: server-sent events over one LISTEN per api copy. */
import type { Response } from 'express';
import { z } from 'zod';
import { Presence } from '../../../contracts/api/index.ts';
import type { LiveEvent, LiveKind } from '../../../contracts/live.ts';
import {
  defineRoute,
  groupsOf,
  listen,
  notFound,
  tooMany,
  type AnyRoute,
  type Core,
  type Listening,
  type Who,
} from '../core/index.ts';
import type { Identity } from '../identity/index.ts';
import type { Rights } from '../rights/index.ts';
import { createHub, type Page } from './hub.ts';
import { createPresence } from './presence.ts';

export interface Live {
  routes: AnyRoute[];
  /** Ends all streams: the browsers go to another copy, or come back. */
  close(): Promise<void>;
}

export interface LiveDeps {
  /** URL of the database as role app_run. */
  databaseUrl: string;
  detachSession: Identity['detachSession'];
  mayReadCase: Rights['mayReadCase'];
}

/** Pages of one person that may be open at one copy; each tab in sight holds one stream. */
const PAGES_OF_ONE = 20;
/** Proxies cut a connection on which nothing is said for a minute. */
const HEARTBEAT_MS = 25_000;
/** A browser that doesn't read is cut off; an event has some thirty bytes. */
const UNREAD_BYTES = 16_384;

export function createLive(core: Pick<Core, 'db' | 'time' | 'log'>, deps: LiveDeps): Live {
  const hub = createHub();
  const presence = createPresence(core);
  const open = new Map<Response, string>();
  let listening: Listening | undefined;
  let isReady = false;
  const each = (act: (res: Response) => void) => [...open.keys()].forEach(act);
  const quietly = (work: Promise<unknown>) =>
    void work.catch((error: Error) => core.log.warn({ error: error.message }, 'who is present is not up to date'));
  const heartbeat = setInterval(() => {
    each((res) => write(res, ':\n\n'));
    if (open.size > 0) quietly(presence.renew());
  }, HEARTBEAT_MS).unref();

  /** Whether a person may see a case, or a draft of their own or of an institution that they act for. */
  async function mayWatch(who: Who, owner: string): Promise<boolean> {
    const row = await core.db('case').where({ id: owner }).first();
    if (row) return deps.mayReadCase(who, row);
    const draft = await core.db('draft').where({ id: owner, state: 'open' }).first('person_id', 'institution_id');
    return draft?.person_id === who.personId || who.institutions.some(({ id }) => id === draft?.institution_id);
  }

  /** From the first page on. */
  function start(): void {
    listening ??= listen(deps.databaseUrl, core.log, {
      channels: ['zy_live'],
      heard: (_, payload) => hub.told(payload),
      connected() {
        isReady = true;
        each((res) => say(res, 'ready'));
        quietly(presence.renew());
      },
    });
  }

  /** The right to the case is asked again each time; a page that lost it hears of its other kinds only. */
  async function deliver(res: Response, who: Who, owner: string | undefined, kinds: LiveKind[]): Promise<void> {
    const ofCase = (kind: LiveKind) => kind === 'case' || kind === 'presence';
    const may = owner === undefined || !kinds.some(ofCase) || (await mayWatch(who, owner));
    const told = may ? kinds : kinds.filter((kind) => !ofCase(kind));
    if (told.length > 0) say(res, 'changed', told.join(' '));
  }

  function attach(
    res: Response,
    who: Who,
    { owner, preview }: { owner: string | undefined; preview: boolean },
    session: string,
  ): void {
    const page: Page = {
      addresses: [
        ...groupsOf(who),
        ...(who.standsIn ?? []).flatMap(({ groups }) => groups),
        session,
        ...(owner ? [`case:${owner}`] : []),
      ],
      send: (kinds) =>
        void deliver(res, who, owner, kinds).catch((error: Error) => {
          core.log.warn({ error: error.message }, 'a page was not told; it comes back');
          res.end();
        }),
      end() {
        say(res, 'ended');
        res.end();
      },
    };
    const remove = hub.add(page);
    open.set(res, who.personId);
    const here = owner === undefined || preview ? undefined : presence.arrive(owner, who.personId);
    if (here) quietly(here);
    res.once('close', () => {
      remove();
      open.delete(res);
      if (here) quietly(here.then((leave) => leave()));
    });
  }

  return {
    routes: [
      defineRoute({
        method: 'get',
        path: '/live',
        title: { zh: '实时更新', en: 'Changes while a page is open, as server-sent events' },
        rights: { kind: 'signed-in' },
        query: z.object({
          case: z.uuid().optional(),
          /** Looked at beside a list: others don't see it as open. */
          preview: z.stringbool().default(false),
        }),
        answer: 'file',
        async handle({ who, query: { case: owner, preview }, req, res }) {
          const pages = [...open.values()].filter((person) => person === who.personId).length;
          if (pages >= PAGES_OF_ONE) throw tooMany({ retryAfter: 30 });
          if (owner && !(await mayWatch(who, owner))) throw notFound();
          const session = deps.detachSession(req);
          start();
          res.writeHead(200, {
            'content-type': 'text/event-stream; charset=utf-8',
            'cache-control': 'no-store, no-transform',
            'x-accel-buffering': 'no',
          });
          attach(res, who, { owner, preview }, session);
          if (isReady) say(res, 'ready');
          else res.write(':\n\n');
        },
      }),
      defineRoute({
        method: 'get',
        path: '/presence/:owner',
        title: { zh: '谁也在看', en: 'Who else has a case or draft open' },
        rights: { kind: 'object' },
        params: z.object({ owner: z.uuid() }),
        answer: Presence,
        async handle({ who, params: { owner } }) {
          if (!(await mayWatch(who, owner))) throw notFound();
          return presence.others(who, owner);
        },
      }),
    ],
    async close() {
      clearInterval(heartbeat);
      await listening?.stop();
      await presence.close();
      each((res) => res.end());
    },
  };
}

function say(res: Response, event: LiveEvent, data = ''): void {
  write(res, `event: ${event}\ndata: ${data}\n\n`);
}

function write(res: Response, text: string): void {
  if (res.writableEnded) return;
  if (res.writableLength > UNREAD_BYTES) res.destroy();
  else res.write(text);
}
