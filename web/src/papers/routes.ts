import type { RouteRecordRaw } from 'vue-router';

export default [
  {
    path: '/papers',
    name: 'papers',
    component: () => import('./PapersPage.vue'),
    meta: {
      manual: 'documents',
      title: 'papers.title',
      nav: { title: 'papers.title', icon: 'stamp', order: 30, for: 'applicant' },
    },
  },
] satisfies RouteRecordRaw[];
