import { createApp } from 'vue'
import App from './App.vue'
import { demo_routes } from './demo/routes'
import { make_router } from './router'
import { i18n, start_i18n } from './shared/i18n'
import './shared/tokens.css'
import './shared/base.css'
import './shared/look.css'

await start_i18n()
createApp(App)
  .use(i18n)
  .use(
    make_router(demo_routes, [
      { below: '/desk', routes: async () => (await import('./desk/routes')).desk_routes },
      { below: '/agency', routes: async () => (await import('./agency/routes')).agency_routes },
    ]),
  )
  .mount('#app')
