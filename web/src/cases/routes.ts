import type { RouteRecordRaw } from 'vue-router';

export default [
  {
    path: '/cases',
    name: 'cases',
    component: () => import('./CasesPage.vue'),
    meta: {
      manual: 'find',
      title: 'cases.search',
      nav: { title: 'cases.search', icon: 'search', order: 110, for: 'staff' },
    },
  },
  {
    path: '/cases/:case',
    name: 'case',
    component: () => import('./CasePage.vue'),
    meta: { manual: 'case', title: 'cases.case', under: '/inbox', ownUnder: '/desk', wide: true, bare: true },
  },
] satisfies RouteRecordRaw[];
