import type { RouteRecordRaw } from 'vue-router'

export const demo_routes: RouteRecordRaw[] = [
  {
    path: '/demo/inbox',
    component: () => import('./InboxPage.vue'),
    meta: { texts: ['demo'], title: 'demo.inbox.title' },
  },
]
