import type { RouteRecordRaw } from 'vue-router'

// Every component here is imported lazily: an applicant's page never loads the desk.
export const desk_routes: RouteRecordRaw[] = [
  {
    path: '/desk',
    component: () => import('./DeskPage.vue'),
    meta: { needs: 'staff', bare: true, texts: [] },
  },
]
