import type { RouteRecordRaw } from 'vue-router';

const caseList = (list: string, icon: 'sent' | 'copy' | 'star', order: number): RouteRecordRaw => ({
  path: `/${list}`,
  name: list,
  component: () => import('./CaseListPage.vue'),
  props: { list },
  meta: { manual: 'lists', title: `tasks.${list}`, nav: { title: `tasks.${list}`, icon, order, for: 'staff' } },
});

export default [
  {
    path: '/inbox',
    name: 'inbox',
    component: () => import('./InboxPage.vue'),
    meta: {
      manual: 'inbox',
      title: 'tasks.inbox',
      nav: { title: 'tasks.inbox', icon: 'inbox', order: 10, for: 'staff' },
    },
  },
  {
    path: '/done',
    name: 'done',
    component: () => import('./DonePage.vue'),
    meta: { manual: 'done', title: 'tasks.done', nav: { title: 'tasks.done', icon: 'check', order: 20, for: 'staff' } },
  },
  caseList('sent', 'sent', 21),
  caseList('copied', 'copy', 22),
  caseList('watched', 'star', 23),
] satisfies RouteRecordRaw[];
