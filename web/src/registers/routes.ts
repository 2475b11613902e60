import type { RouteRecordRaw } from 'vue-router';

export default [
  {
    path: '/registers',
    name: 'registers',
    component: () => import('./RegisterPage.vue'),
    meta: {
      manual: 'registers',
      title: 'registers.title',
      nav: { title: 'registers.title', ownTitle: 'registers.ownTitle', icon: 'table', order: 130, for: 'all' },
    },
  },
  {
    path: '/registers/:register',
    name: 'register',
    component: () => import('./RegisterPage.vue'),
    meta: { title: 'registers.title', under: '/registers' },
  },
  {
    path: '/registers/:register/:item',
    name: 'register-entry',
    component: () => import('./EntryPage.vue'),
    meta: { title: 'registers.entry', under: '/registers' },
  },
  {
    path: '/registers/:register/:item/edit',
    name: 'register-draft',
    component: () => import('./DraftPage.vue'),
    meta: { title: 'registers.edit', under: '/registers' },
  },
] satisfies RouteRecordRaw[];
