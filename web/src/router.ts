import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { load_texts } from './shared/i18n'
import { session } from './shared/session'

declare module 'vue-router' {
  interface RouteMeta {
    /** Who may open it: anybody unless it says so. */
    needs?: 'account' | 'staff'
    /** Areas of texts to have ready. */
    texts?: string[]
    /** Key of the page's title. */
    title?: string
    /** The page brings its own frame (header, footer). */
    bare?: boolean
  }
}

const applicant_routes: RouteRecordRaw[] = [
  { path: '/', component: () => import('./pages/PlaceholderPage.vue') },
]

export function make_router(more: RouteRecordRaw[]) {
  const router = createRouter({
    history: createWebHistory(),
    routes: [
      ...applicant_routes,
      ...more,
      { path: '/:rest(.*)*', component: () => import('./pages/NotFoundPage.vue') },
    ],
    scrollBehavior: (to, from, saved) => {
      if (saved) return saved
      if (to.hash) return { el: to.hash }
      return to.path === from.path ? {} : { top: 0 }
    },
  })
  router.beforeEach(async (to) => {
    if (!to.meta.needs) return true
    await session.load().catch(() => undefined)
    if (session.state.account === null && session.state.known)
      return { path: '/login', query: { next: to.fullPath } }
    return true
  })
  router.beforeResolve((to) =>
    load_texts(...to.matched.flatMap((record) => record.meta.texts ?? [])),
  )
  return router
}
