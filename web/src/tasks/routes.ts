import type { RouteRecordRaw } from 'vue-router';

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
] satisfies RouteRecordRaw[];
