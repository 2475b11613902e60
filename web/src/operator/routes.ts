import type { RouteRecordRaw } from 'vue-router';

export default [
  {
    path: '/incidents',
    name: 'incidents',
    component: () => import('./IncidentsPage.vue'),
    meta: {
      title: 'operator.incidents',
      nav: { title: 'operator.incidents', icon: 'alert', order: 310, for: ['operator'] },
    },
  },
] satisfies RouteRecordRaw[];
