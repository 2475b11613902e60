import type { RouteRecordRaw } from 'vue-router';

export default [
  {
    path: '/certificates/:certificate',
    name: 'certificate',
    component: () => import('./CardPage.vue'),
    meta: { manual: 'certificates', title: 'certificates.title', under: '/registers', ownUnder: '/papers' },
  },
] satisfies RouteRecordRaw[];
