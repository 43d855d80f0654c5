import type { RouteRecordRaw } from 'vue-router'
import { account } from '@/router'

export const agency_routes: RouteRecordRaw[] = [
  {
    path: '/agency',
    component: () => import('./ClientsPage.vue'),
    meta: account(['agency'], 'nav.agency'),
  },
  {
    path: '/agency/clients/:id(\\d+)',
    component: () => import('./FilingsPage.vue'),
    meta: account(['agency', 'states'], 'nav.agency'),
  },
  {
    path: '/agency/filings',
    component: () => import('./FilingsPage.vue'),
    meta: account(['agency', 'states'], 'nav.agency'),
  },
  {
    path: '/agency/imports',
    component: () => import('./ImportsPage.vue'),
    meta: account(['agency'], 'nav.agency'),
  },
  {
    path: '/agency/imports/:id(\\d+)',
    component: () => import('./ImportPage.vue'),
    meta: account(['agency'], 'nav.agency'),
  },
  {
    path: '/agency/members',
    component: () => import('./MembersPage.vue'),
    meta: account(['agency'], 'nav.agency'),
  },
  {
    path: '/agency/join/:token',
    component: () => import('./JoinPage.vue'),
    meta: account(['account', 'agency'], 'nav.agency'),
  },
]
