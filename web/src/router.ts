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

/** Pages of signed-in people, with the areas of texts they need. */
export const account = (texts: string[], title: string) => ({
  needs: 'account' as const,
  texts,
  title,
})
const open = (texts: string[], title: string) => ({ texts, title })

export const applicant_routes: RouteRecordRaw[] = [
  {
    path: '/',
    component: () => import('./front/FrontPage.vue'),
    meta: { texts: ['front', 'states'] },
  },
  {
    path: '/guide',
    component: () => import('./front/GuidePage.vue'),
    meta: { texts: ['front', 'guide'], title: 'nav.guide' },
    children: [
      { path: '', component: () => import('./front/GuideWho.vue') },
      {
        path: 'steps',
        component: () => import('./front/GuideSteps.vue'),
        meta: { texts: ['waits', 'states'] },
      },
      {
        path: 'materials',
        component: () => import('./front/GuideMaterials.vue'),
        meta: { texts: ['materials'] },
      },
      { path: 'photo', component: () => import('./front/GuidePhoto.vue') },
      {
        path: 'bureaus',
        component: () => import('./front/GuideBureaus.vue'),
        meta: { texts: ['rules'] },
      },
      {
        path: 'provinces/:code(\\d{6})',
        component: () => import('./front/ProvincePage.vue'),
        meta: { texts: ['rules', 'waits', 'states'] },
      },
      { path: 'questions', component: () => import('./front/GuideQuestions.vue') },
    ],
  },
  {
    path: '/register',
    component: () => import('./account/RegisterPage.vue'),
    meta: open(['account'], 'nav.register'),
  },
  {
    path: '/activate',
    component: () => import('./account/ActivatePage.vue'),
    meta: open(['account'], 'account.activate.title'),
  },
  {
    path: '/login',
    component: () => import('./account/LoginPage.vue'),
    meta: open(['account', 'second_factor'], 'nav.log_in'),
  },
  {
    path: '/forgot',
    component: () => import('./account/ForgotPage.vue'),
    meta: open(['account'], 'account.forgot.title'),
  },
  {
    path: '/reset',
    component: () => import('./account/ResetPage.vue'),
    meta: open(['account'], 'account.reset.title'),
  },
  {
    path: '/privacy',
    component: () => import('./account/PrivacyPage.vue'),
    meta: open(['account'], 'account.privacy.title'),
  },
  {
    path: '/account/sessions',
    component: () => import('./account/SessionsPage.vue'),
    meta: account(['account', 'my_data', 'second_factor', 'programs'], 'nav.sessions'),
  },
  {
    path: '/account/my_data',
    component: () => import('./account/MyDataPage.vue'),
    meta: account(['account', 'my_data'], 'my_data.title'),
  },
  {
    path: '/account/second_factor',
    component: () => import('./account/SecondFactorPage.vue'),
    meta: account(['account', 'second_factor'], 'second_factor.title'),
  },
  {
    path: '/account/notices',
    component: () => import('./account/NoticesPage.vue'),
    meta: account(['programs'], 'programs.notices.title'),
  },
  {
    path: '/account/tokens',
    component: () => import('./account/TokensPage.vue'),
    meta: account(['programs'], 'programs.tokens.title'),
  },
  {
    path: '/account/webhooks',
    component: () => import('./account/WebhooksPage.vue'),
    meta: account(['programs'], 'programs.webhooks.title'),
  },
  {
    path: '/api',
    component: () => import('./account/ApiPage.vue'),
    meta: open(['programs'], 'programs.api.title'),
  },
  {
    path: '/apply',
    component: () => import('./apply/MyFilingsPage.vue'),
    meta: account(['apply', 'states', 'front'], 'nav.my_filings'),
  },
  {
    path: '/apply/registry',
    component: () => import('./apply/RegistryPage.vue'),
    meta: account(['apply', 'registry', 'states'], 'nav.my_filings'),
  },
  {
    path: '/apply/registry/:id(\\d+)/start',
    component: () => import('./apply/StartPage.vue'),
    meta: account(['apply', 'registry', 'states'], 'registry.start.page'),
  },
  {
    path: '/apply/claims',
    component: () => import('./apply/ClaimsPage.vue'),
    meta: account(['handover'], 'handover.claim.title'),
  },
  {
    path: '/apply/transfers',
    component: () => import('./apply/TransfersPage.vue'),
    meta: account(['handover'], 'handover.transfer.list'),
  },
  {
    path: '/apply/transfers/new',
    component: () => import('./apply/TransferStartPage.vue'),
    meta: account(['handover', 'states'], 'handover.transfer.start'),
  },
  {
    path: '/transfer',
    component: () => import('./apply/TransferLinkPage.vue'),
    meta: account(['handover', 'states'], 'handover.link.title'),
  },
  {
    path: '/apply/products',
    component: () => import('./apply/ProductsPage.vue'),
    meta: account(['apply', 'wizard'], 'nav.products'),
  },
  {
    path: '/apply/new',
    component: () => import('./apply/NewPage.vue'),
    meta: account(['apply', 'rules'], 'apply.new.title'),
  },
  {
    path: '/apply/:id(\\d+)',
    component: () => import('./apply/WizardPage.vue'),
    meta: account(['wizard', 'filing'], 'wizard.title'),
  },
  {
    path: '/apply/:id(\\d+)/materials',
    component: () => import('./apply/MaterialsPage.vue'),
    meta: account(['materials', 'inspection', 'filing'], 'materials.title'),
  },
  {
    path: '/apply/:id(\\d+)/status',
    component: () => import('./apply/StatusPage.vue'),
    meta: account(['materials', 'inspection', 'filing', 'status', 'states'], 'status.title'),
  },
  {
    path: '/c/:token',
    component: () => import('./phone/ClientPage.vue'),
    meta: {
      texts: ['materials', 'inspection', 'phone', 'client_link'],
      title: 'client_link.title',
      bare: true,
    },
  },
  {
    path: '/m/:ticket',
    component: () => import('./phone/TicketPage.vue'),
    meta: { texts: ['materials', 'inspection', 'phone'], title: 'phone.title', bare: true },
  },
]

const k_not_found = 'not_found'

/** Pages that few people open: their routes are loaded with the first of them. */
export interface RoutesForFew {
  below: string
  routes: () => Promise<RouteRecordRaw[]>
}

export function make_router(more: RouteRecordRaw[], for_few: RoutesForFew[]) {
  const router = createRouter({
    history: createWebHistory(),
    routes: [
      ...applicant_routes,
      ...more,
      {
        path: '/:rest(.*)*',
        name: k_not_found,
        component: () => import('./front/NotFoundPage.vue'),
      },
    ],
    scrollBehavior: (to, from, saved) => {
      if (saved) return saved
      if (to.hash) return { el: to.hash }
      return to.path === from.path ? {} : { top: 0 }
    },
  })
  const waiting = new Set(for_few)
  router.beforeEach(async (to) => {
    for (const some of to.name === k_not_found ? waiting : [])
      if (`${to.path}/`.startsWith(`${some.below}/`)) {
        waiting.delete(some)
        for (const route of await some.routes()) router.addRoute(route)
        return to.fullPath
      }
    if (!to.meta.needs) return true
    // Unanswered, the page opens and says so itself.
    await session.load().catch(() => undefined)
    if (session.state.account === null && session.state.known)
      return { path: '/login', query: { next: to.fullPath } }
    if (to.meta.needs === 'staff' && session.state.second_factor_missing)
      return { path: '/account/second_factor', query: { next: to.fullPath } }
    return true
  })
  router.beforeResolve((to) =>
    load_texts(...to.matched.flatMap((record) => record.meta.texts ?? [])),
  )
  return router
}
