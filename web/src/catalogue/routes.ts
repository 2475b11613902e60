import type { RouteRecordRaw } from 'vue-router';

export default [
  {
    path: '/catalogue',
    name: 'catalogue',
    component: () => import('./CataloguePage.vue'),
    meta: {
      manual: 'start',
      title: 'catalogue.title',
      nav: { title: 'catalogue.title', icon: 'list', order: 20, for: 'applicant' },
    },
  },
  {
    path: '/start',
    name: 'start',
    component: () => import('./CataloguePage.vue'),
    meta: {
      manual: 'start',
      title: 'catalogue.begin',
      nav: { title: 'catalogue.begin', icon: 'plus', order: 40, for: 'staff' },
    },
  },
  {
    path: '/guide',
    name: 'guides',
    component: () => import('./GuidesPage.vue'),
    meta: { public: true, title: 'catalogue.guides' },
  },
  {
    path: '/guide/:flow',
    name: 'guide',
    component: () => import('./GuidePage.vue'),
    meta: { public: true, title: 'catalogue.guide' },
  },
] satisfies RouteRecordRaw[];
