import type { RouteRecordRaw } from 'vue-router';

export default [
  {
    path: '/leader',
    name: 'leader',
    component: () => import('./LeaderPage.vue'),
    meta: {
      manual: 'leader',
      title: 'leader.desk',
      nav: { title: 'leader.desk', icon: 'home', order: 5, for: 'leaders' },
    },
  },
] satisfies RouteRecordRaw[];
