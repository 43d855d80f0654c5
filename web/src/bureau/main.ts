import { createApp } from 'vue'
import BureauApp from './BureauApp.vue'
import { i18n, start_i18n } from '@/shared/i18n'
import '@/shared/tokens.css'
import '@/shared/base.css'

await start_i18n()
createApp(BureauApp).use(i18n).mount('#app')
