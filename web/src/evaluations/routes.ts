import type { RouteRecordRaw } from 'vue-router';

export default [
  {
    path: '/evaluations',
    name: 'evaluations',
    component: () => import('./CountsPage.vue'),
    meta: {
      title: 'evaluations.counts',
      nav: { title: 'evaluations.counts', icon: 'star', order: 140, for: 'staff' },
    },
  },
] satisfies RouteRecordRaw[];
