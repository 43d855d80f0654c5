import { createApp } from 'vue'
import { add_text_files, i18n, load_texts, start_i18n } from '@/shared/i18n'
import '@/shared/tokens.css'
import '@/shared/base.css'
import '@/shared/look.css'
import './bureau.css'
import BureauApp from './BureauApp.vue'

add_text_files(import.meta.glob('./texts/*/*.json'))
await start_i18n()
await load_texts('bureau', 'bureau_tasks')
createApp(BureauApp).use(i18n).mount('#app')
