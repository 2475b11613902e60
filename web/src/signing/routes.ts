import type { RouteRecordRaw } from 'vue-router';

export default [
  {
    path: '/sign/:token',
    name: 'sign',
    component: () => import('./SignPage.vue'),
    meta: { public: true, title: 'signing.title' },
  },
] satisfies RouteRecordRaw[];
