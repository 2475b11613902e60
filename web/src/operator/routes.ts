import type { RouteRecordRaw } from 'vue-router';

export default [
  {
    path: '/incidents',
    name: 'incidents',
    component: () => import('./IncidentsPage.vue'),
    meta: {
      manual: 'operator#incidents',
      title: 'operator.incidents',
      nav: { title: 'operator.incidents', icon: 'alert', order: 310, for: ['operator'] },
    },
  },
  {
    path: '/migrations',
    name: 'migrations',
    component: () => import('./MigrationsPage.vue'),
    meta: {
      manual: 'operator#migrations',
      title: 'operator.migrations',
      nav: { title: 'operator.migrations', icon: 'history', order: 320, for: ['operator', 'analyst'] },
    },
  },
  {
    path: '/connector-calls',
    name: 'connector-calls',
    component: () => import('./CallsPage.vue'),
    meta: {
      manual: 'operator#connector-calls',
      title: 'operator.calls.title',
      nav: { title: 'operator.calls.title', icon: 'globe', order: 330, for: ['operator'] },
    },
  },
] satisfies RouteRecordRaw[];
