import type { RouteRecordRaw } from 'vue-router'

// Every component here is imported lazily: an applicant's page never loads the desk.
export const desk_routes: RouteRecordRaw[] = [
  {
    path: '/desk',
    component: () => import('./DeskShell.vue'),
    meta: { needs: 'staff', bare: true, texts: ['desk', 'rules'] },
    children: [
      {
        path: '',
        component: () => import('./queue/QueuePage.vue'),
        meta: { title: 'desk.nav.queues' },
      },
      {
        path: 'dispatch',
        component: () => import('./DispatchPage.vue'),
        meta: { title: 'desk.nav.dispatch' },
      },
      {
        path: 'enquiries',
        component: () => import('./EnquiriesPage.vue'),
        meta: { title: 'desk.nav.enquiries' },
      },
      {
        path: 'bureaus',
        component: () => import('./BureausPage.vue'),
        meta: { title: 'desk.nav.bureaus' },
      },
      {
        path: 'rules',
        component: () => import('./rules/RulesPage.vue'),
        meta: { title: 'desk.nav.rules' },
      },
      {
        path: ':id(\\d+)',
        component: () => import('./case/CasePage.vue'),
        meta: { title: 'desk.nav.case' },
      },
    ],
  },
]
