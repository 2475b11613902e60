import type { RouteRecordRaw } from 'vue-router';

export default [
  {
    path: '/calendar',
    name: 'calendar',
    component: () => import('./CalendarPage.vue'),
    meta: {
      manual: 'administrator#calendar',
      title: 'calendar.calendar',
      nav: { title: 'calendar.calendar', icon: 'cal', order: 230, for: ['admin'] },
    },
  },
] satisfies RouteRecordRaw[];
