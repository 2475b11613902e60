import type { RouteRecordRaw } from 'vue-router';

export default [
  {
    path: '/phrases',
    name: 'phrases',
    component: () => import('./PhrasesPage.vue'),
    meta: { title: 'phrases.title', manual: 'decide' },
  },
] satisfies RouteRecordRaw[];
