import { z } from 'zod';
import { Me, SignInBody } from '../../../contracts/api/index.ts';
import { createRateLimit, defineRoute, shanghaiDay, type AnyRoute, type Core, type Who } from '../core/index.ts';
import type { Audit } from '../audit/index.ts';
import { signInFailed, type SignIn } from './accounts.ts';
import type { Sessions } from './session.ts';
import { readWho } from './who.ts';

export interface IdentityRoutesDeps {
  audit: Pick<Audit, 'write'>;
  calendar: { isWorkingDay(day: string): Promise<unknown> };
  sessions: Sessions;
  signIn: SignIn;
}

const WEEKDAY = new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', weekday: 'short' });

export function identityRoutes(core: Pick<Core, 'db' | 'time' | 'settings'>, deps: IdentityRoutesDeps): AnyRoute[] {
  const { sessions } = deps;
  // One address may be a whole office.
  const limit = createRateLimit({ limit: 200, minutes: 10, failuresOnly: true });

  async function me(who: Who): Promise<Me> {
    const now = core.time.now();
    const date = shanghaiDay(now);
    const [grants, workingDay] = await Promise.all([grantsOf(who), deps.calendar.isWorkingDay(date)]);
    const { personId, name, login, kind, institutions } = who;
    return {
      personId,
      name,
      login,
      kind,
      grants,
      institutions,
      today: { date, weekday: WEEKDAY.format(now), workingDay: typeof workingDay === 'boolean' ? workingDay : null },
      demo: core.settings.demo,
    };
  }

  function grantsOf(who: Who): Promise<Me['grants']> {
    return core
      .db('role_grant as g')
      .join('role as r', 'r.id', 'g.role')
      .join('office as o', 'o.code', 'g.office')
      .where('g.person_id', who.personId)
      .whereNull('g.ended_at')
      .orderBy(['g.granted_at', 'g.id'])
      .select('g.role', { roleTitle: 'r.zh' }, 'g.office', { officeName: 'o.name' }, 'g.reach');
  }

  return [
    defineRoute({
      method: 'post',
      path: '/session',
      title: { zh: '登录', en: 'Sign in' },
      rights: { kind: 'public' },
      body: SignInBody,
      answer: Me,
      async handle({ req, res, body }) {
        await limit(req, res);
        const login = await deps.signIn({ ...body, from: req.ip ?? '' });
        const who = await readWho(core, login);
        if (!who) throw signInFailed();
        await sessions.begin(req, login);
        return me(who);
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/session',
      title: { zh: '退出', en: 'Sign out' },
      rights: { kind: 'signed-in' },
      answer: z.object({}),
      async handle({ who, req }) {
        await core.db.transaction((trx) => deps.audit.write(trx, { personId: who.personId, action: 'session.end' }));
        await sessions.end(req);
        return {};
      },
    }),
    defineRoute({
      method: 'get',
      path: '/me',
      title: { zh: '我是谁，今天是什么日子', en: 'Who I am and what day it is' },
      rights: { kind: 'signed-in' },
      answer: Me,
      handle: ({ who }) => me(who),
    }),
  ];
}
