import type { RouteRecordRaw } from 'vue-router';

export default [
  {
    path: '/desk',
    name: 'desk',
    component: () => import('./DeskPage.vue'),
    meta: {
      manual: 'desk',
      title: 'applications.desk',
      nav: { title: 'applications.desk', icon: 'home', order: 10, for: 'applicant' },
    },
  },
  {
    path: '/applications/:owner',
    name: 'application',
    component: () => import('./ApplicationPage.vue'),
    meta: { manual: 'fill', title: 'applications.application', under: '/desk', wide: true },
  },
  {
    path: '/cases/:case/tasks/:task',
    name: 'task-form',
    component: () => import('./TaskPage.vue'),
    meta: { manual: 'supplement', title: 'applications.task', under: '/desk', wide: true },
  },
] satisfies RouteRecordRaw[];
