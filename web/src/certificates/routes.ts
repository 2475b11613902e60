import type { RouteRecordRaw } from 'vue-router';

export default [
  {
    path: '/certificates/:certificate',
    name: 'certificate',
    component: () => import('./CardPage.vue'),
    meta: { title: 'certificates.title', under: '/registers' },
  },
] satisfies RouteRecordRaw[];
