import type { RouteRecordRaw } from 'vue-router';

export default [
  {
    path: '/batches',
    name: 'batches',
    component: () => import('./BatchesPage.vue'),
    meta: {
      manual: 'batch',
      title: 'batch.title',
      nav: { title: 'batch.title', icon: 'list', order: 50, for: 'staff' },
    },
  },
  {
    path: '/batches/:batch',
    name: 'batch',
    component: () => import('./BatchPage.vue'),
    meta: { manual: 'batch', title: 'batch.title', under: '/batches' },
  },
] satisfies RouteRecordRaw[];
