import { createApp } from 'vue'
import { i18n, load_texts, start_i18n } from '@/shared/i18n'
import '@/shared/tokens.css'
import '@/shared/base.css'
import '@/shared/look.css'
import './bureau.css'
import BureauApp from './BureauApp.vue'

await start_i18n()
await load_texts('bureau', 'bureau_tasks')
createApp(BureauApp).use(i18n).mount('#app')
