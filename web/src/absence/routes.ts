import type { RouteRecordRaw } from 'vue-router';

export default [
  {
    path: '/absences',
    name: 'absences',
    component: () => import('./AbsencesPage.vue'),
    meta: { title: 'absence.title', manual: 'absence' },
  },
] satisfies RouteRecordRaw[];
