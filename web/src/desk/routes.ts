import type { RouteRecordRaw } from 'vue-router'

// Every component here is imported lazily: an applicant's page never loads the desk.
export const desk_routes: RouteRecordRaw[] = [
  {
    path: '/desk',
    component: () => import('./DeskShell.vue'),
    meta: { needs: 'staff', bare: true, texts: ['desk', 'queue', 'rules'] },
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
        path: 'staff',
        component: () => import('./admin/StaffPage.vue'),
        meta: { title: 'admin.staff.title', texts: ['admin', 'states'] },
      },
      {
        path: 'audit',
        component: () => import('./admin/AuditPage.vue'),
        meta: { title: 'admin.audit.title', texts: ['admin', 'states'] },
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
