import type { RouteRecordRaw } from 'vue-router';

export default [
  {
    path: '/messages',
    name: 'messages',
    component: () => import('./MessagesPage.vue'),
    meta: { manual: 'messages', title: 'messages.title' },
  },
] satisfies RouteRecordRaw[];
