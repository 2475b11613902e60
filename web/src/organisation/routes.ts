import type { RouteRecordRaw } from 'vue-router';

export default [
  {
    path: '/people',
    name: 'people',
    component: () => import('./PeoplePage.vue'),
    meta: {
      manual: 'administrator#people',
      title: 'organisation.people',
      nav: { title: 'organisation.people', icon: 'users', order: 210, for: ['admin'] },
    },
  },
  {
    path: '/offices',
    name: 'offices',
    component: () => import('./OfficesPage.vue'),
    meta: {
      manual: 'administrator#offices',
      title: 'organisation.offices',
      nav: { title: 'organisation.offices', icon: 'building', order: 220, for: ['admin'] },
    },
  },
] satisfies RouteRecordRaw[];
