import type { RouteRecordRaw } from 'vue-router';

export default [
  {
    path: '/v/:number/:version/:token',
    name: 'scanned',
    component: () => import('./CertificatePage.vue'),
    meta: { public: true, title: 'public.title' },
  },
  {
    path: '/verify/:number',
    name: 'verified',
    component: () => import('./CertificatePage.vue'),
    meta: { public: true, title: 'public.title' },
  },
  {
    path: '/progress',
    name: 'progress',
    component: () => import('./ProgressPage.vue'),
    meta: { public: true, title: 'public.progress.title' },
  },
  {
    path: '/verify',
    name: 'verify',
    component: () => import('./VerifyPage.vue'),
    meta: { public: true, title: 'public.title' },
  },
] satisfies RouteRecordRaw[];
