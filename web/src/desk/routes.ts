import type { RouteRecordRaw } from 'vue-router'
import { add_text_files } from '@/shared/i18n'

add_text_files(import.meta.glob('./texts/*/*.json'))

// Every component here is imported lazily: an applicant's page never loads the desk.
export const desk_routes: RouteRecordRaw[] = [
  {
    path: '/desk',
    component: () => import('./DeskShell.vue'),
    meta: { needs: 'staff', bare: true, texts: ['desk', 'queue', 'rules', 'case'] },
    children: [
      {
        path: '',
        component: () => import('./queue/QueuePage.vue'),
        meta: { title: 'desk.nav.queues' },
      },
      {
        path: 'dispatch',
        component: () => import('./DispatchPage.vue'),
        meta: { title: 'desk.nav.dispatch', texts: ['dispatch'] },
      },
      {
        path: 'numbers',
        component: () => import('./stats/NumbersPage.vue'),
        meta: { title: 'desk.nav.numbers', texts: ['numbers', 'states'] },
      },
      {
        path: 'enquiries',
        component: () => import('./EnquiriesPage.vue'),
        meta: { title: 'desk.nav.enquiries' },
      },
      {
        path: 'reminders',
        component: () => import('./RemindersPage.vue'),
        meta: { title: 'case.reminders.title' },
      },
      {
        path: 'claims',
        component: () => import('./claims/ClaimsPage.vue'),
        meta: { title: 'claims.title', texts: ['claims'] },
      },
      {
        path: 'claims/:id(\\d+)',
        component: () => import('./claims/ClaimPage.vue'),
        meta: { title: 'claims.title', texts: ['claims'] },
      },
      {
        path: 'staff',
        component: () => import('./admin/StaffPage.vue'),
        meta: { title: 'admin.staff.title', texts: ['admin', 'states', 'manage'] },
      },
      {
        path: 'agencies',
        component: () => import('./agencies/AgenciesPage.vue'),
        meta: { title: 'agencies.title', texts: ['agencies'] },
      },
      {
        path: 'audit',
        component: () => import('./admin/AuditPage.vue'),
        meta: {
          title: 'admin.audit.title',
          texts: ['admin', 'states', 'manage', 'line', 'dispatch', 'products', 'phone'],
        },
      },
      {
        path: 'admin/:page(products|connections|settings|texts|calendar|announcements|jobs|retention)',
        component: () => import('./admin/AdminArea.vue'),
        meta: { title: 'desk.nav.admin', texts: ['manage', 'products', 'connections', 'line'] },
      },
      {
        path: 'tasks',
        component: () => import('./tasks/TasksPage.vue'),
        meta: { title: 'line.task.title', texts: ['line'] },
      },
      {
        path: 'bureaus/:page(addresses|codes|\\d{6})?',
        component: () => import('./bureaus/BureauArea.vue'),
        meta: { title: 'desk.nav.bureaus', texts: ['line'] },
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
