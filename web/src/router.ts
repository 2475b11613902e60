/**
 * Addresses. Each area lists its pages in `routes.ts` (default export); a page that everybody may open has
 * `meta.public`, one that stands in the navigation `meta.nav`.
 */
import { createRouter, createWebHistory, type RouteRecordRaw, type Router } from 'vue-router';
import type { Api } from './api/index.ts';
import { useSession } from './identity/session.ts';
import type { IconName } from './shell/icons.ts';

export interface NavEntry {
  /** Name of the text, such as `tasks.inbox`. */
  title: string;
  /** What applicants read in its place. */
  ownTitle?: string;
  icon: IconName;
  /** Place in the list; entries of one hundred form a group. */
  order: number;
  /** Whom it is for: staff, applicants, everybody, those in charge of all below an office, or holders of one of these roles. */
  for: 'staff' | 'applicant' | 'all' | 'leaders' | string[];
}

declare module 'vue-router' {
  interface RouteMeta {
    public?: boolean;
    /** Name of the text in the window's title. */
    title?: string;
    nav?: NavEntry;
    /** Path of the entry that is marked in the navigation while this page is open. */
    under?: string;
    /** The same for applicants, where it differs. */
    ownUnder?: string;
    /** Where the manual speaks of this page: `section`, or `manual#section` of another than one's own. */
    manual?: string;
    /** The page needs the width: the navigation shows icons only. */
    wide?: boolean;
    /** The page has its own head on a phone. */
    bare?: boolean;
  }
}

/** Where somebody starts who just signed in. */
export function homeOf(kind: 'staff' | 'applicant'): string {
  return kind === 'staff' ? '/inbox' : '/desk';
}

export function createAppRouter(api: Api): Router {
  const areas = import.meta.glob<RouteRecordRaw[]>('./*/routes.ts', { eager: true, import: 'default' });
  const router = createRouter({
    history: createWebHistory(),
    routes: [
      { path: '/', name: 'home', component: () => import('./shell/NotFoundPage.vue') },
      ...Object.values(areas).flat(),
      { path: '/:rest(.*)*', component: () => import('./shell/NotFoundPage.vue'), meta: { public: true } },
    ],
    scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  });
  router.beforeEach(async (to) => {
    const session = useSession();
    if (to.meta.public) return true;
    const me = session.me === undefined ? await session.load(api) : session.me;
    if (!me) return { name: 'sign-in', query: to.name === 'home' ? {} : { back: to.fullPath } };
    return to.name === 'home' ? homeOf(me.kind) : true;
  });
  return router;
}
