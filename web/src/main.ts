import { createApp } from 'vue'
import App from './App.vue'
import { desk_routes } from './desk/routes'
import { demo_routes } from './demo/routes'
import { make_router } from './router'
import { i18n, start_i18n } from './shared/i18n'
import './shared/tokens.css'
import './shared/base.css'
import './shared/look.css'

await start_i18n()
createApp(App)
  .use(i18n)
  .use(make_router([...desk_routes, ...demo_routes]))
  .mount('#app')
