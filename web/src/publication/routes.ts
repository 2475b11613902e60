import type { RouteRecordRaw } from 'vue-router';

export default [
  {
    path: '/public/announcements',
    name: 'announcements',
    component: () => import('./AnnouncementsPage.vue'),
    meta: { public: true, title: 'publication.announcements' },
  },
  {
    path: '/public/announcements/:publication',
    name: 'announcement',
    component: () => import('./AnnouncementPage.vue'),
    meta: { public: true, title: 'publication.announcements' },
  },
  {
    path: '/publications',
    name: 'publications',
    component: () => import('./PublicationsPage.vue'),
    meta: {
      title: 'publication.ours',
      nav: { title: 'publication.ours', icon: 'globe', order: 140, for: 'staff' },
    },
  },
] satisfies RouteRecordRaw[];
