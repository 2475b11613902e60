import type { RouteRecordRaw } from 'vue-router';

export default [
  {
    path: '/documents/:document',
    name: 'document',
    component: () => import('./DocumentPage.vue'),
    meta: { title: 'documents.received', manual: 'applicant#documents', under: '/papers' },
  },
] satisfies RouteRecordRaw[];
