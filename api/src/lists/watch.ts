/** What a person keeps an eye on without having to act: watched cases, and copies that were read. */
import { z } from 'zod';
import type { AnyRoute, Core, Who } from '../core/index.ts';
import { defineRoute, notFound } from '../core/index.ts';
import type { CaseOfRights } from '../rights/index.ts';

export interface WatchDeps {
  mayRead(who: Who, row: CaseOfRights): Promise<boolean>;
}

export function watchRoutes({ db, time }: Core, { mayRead }: WatchDeps): AnyRoute[] {
  const params = z.object({ case: z.uuid() });
  const answer = z.object({ watched: z.boolean() });

  async function checkReadable(who: Who, id: string): Promise<void> {
    const row: CaseOfRights | undefined = await db('case').where({ id }).first();
    if (!row || !(await mayRead(who, row))) throw notFound();
  }

  return [
    defineRoute({
      method: 'put',
      path: '/cases/:case/watch',
      title: { zh: '关注办件', en: 'Watch a case' },
      rights: { kind: 'object' },
      ...{ params, answer },
      async handle({ who, params: { case: id } }) {
        await checkReadable(who, id);
        const watch = { person_id: who.personId, case_id: id, at: time.now() };
        await db('case_watch').insert(watch).onConflict().ignore();
        return { watched: true };
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/cases/:case/watch',
      title: { zh: '取消关注', en: 'Stop watching a case' },
      rights: { kind: 'object' },
      ...{ params, answer },
      async handle({ who, params: { case: id } }) {
        await checkReadable(who, id);
        await db('case_watch').where({ person_id: who.personId, case_id: id }).delete();
        return { watched: false };
      },
    }),
    defineRoute({
      method: 'put',
      path: '/cases/:case/read',
      title: { zh: '抄送已阅', en: 'Note that copies of a case were read' },
      rights: { kind: 'object' },
      params,
      answer: z.object({}),
      async handle({ who, params: { case: id } }) {
        await checkReadable(who, id);
        await db('task_copy')
          .where({ person_id: who.personId, case_id: id })
          .whereNull('read_at')
          .update({ read_at: time.now() });
        return {};
      },
    }),
  ];
}
