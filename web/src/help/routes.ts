import type { RouteRecordRaw } from 'vue-router';

export default [
  {
    path: '/manuals/:manual?',
    name: 'manual',
    component: () => import('./ManualPage.vue'),
    meta: { public: true, title: 'help.manuals' },
  },
] satisfies RouteRecordRaw[];
