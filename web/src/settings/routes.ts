import type { RouteRecordRaw } from 'vue-router';

export default [
  {
    path: '/settings',
    name: 'settings',
    component: () => import('./SettingsPage.vue'),
    meta: {
      manual: 'administrator#settings',
      title: 'settings.settings',
      nav: { title: 'settings.settings', icon: 'list', order: 240, for: ['admin'] },
    },
  },
] satisfies RouteRecordRaw[];
