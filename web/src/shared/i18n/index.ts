// Texts by area: src/texts/<locale>/<area>.json for the applicant, src/desk/texts, src/bureau/texts …
// for the other houses. A route names its areas in meta.texts; `common` is always there. Chinese
// `common` is in the bundle, everything else comes when it is asked for.
import { computed, watch } from 'vue'
import { createI18n, type Composer } from 'vue-i18n'
import common from '@/texts/zh-CN/common.json'

export const locales = ['zh-CN', 'en'] as const
export type Locale = (typeof locales)[number]

type Texts = Record<string, unknown>
const files = import.meta.glob<{ default: Texts }>([
  '../../texts/*/*.json',
  '../../*/texts/*/*.json',
  '!../../texts/zh-CN/common.json',
])
// What a state is called is said once, for the server and the pages.
const shared_files = import.meta.glob<{ default: Texts }>('../../../../data/texts/*/states.json')

const k_stored = 'beian.locale'

function stored_locale(): Locale {
  try {
    const stored = localStorage.getItem(k_stored)
    if (stored === 'en' || stored === 'zh-CN') return stored
  } catch {
    // Private windows may refuse storage; the default serves.
  }
  return /^zh/i.test(navigator.language) || !/^en/i.test(navigator.language) ? 'zh-CN' : 'en'
}

const messages: Record<string, Record<string, string>> = {
  'zh-CN': common as unknown as Record<string, string>,
  en: {},
}
export const i18n = createI18n<false>({
  legacy: false,
  locale: 'zh-CN',
  fallbackLocale: 'zh-CN',
  messages,
  missingWarn: import.meta.env.DEV,
  fallbackWarn: false,
})
const composer = i18n.global as unknown as Composer

export const locale = computed<Locale>(() => composer.locale.value as Locale)
export const t = composer.t

/** A list of sentences under one key. They hold no blanks to fill. */
export function tm(key: string): string[] {
  return (composer.tm(key) as unknown[]).map((line) => composer.rt(line as string))
}

const areas = new Set<string>(['common'])
const loaded = new Set<string>(['zh-CN/common'])

async function load(area: string, of: Locale): Promise<void> {
  const name = `${of}/${area}`
  if (loaded.has(name)) return
  const path = Object.keys(files).find((file) => file.endsWith(`/texts/${name}.json`))
  const shared = area === 'states' ? `../../../../data/texts/${name}.json` : ''
  const module = path ? await files[path]!() : await shared_files[shared]?.()
  if (!module) throw new Error(`no texts ${name}`)
  composer.mergeLocaleMessage(of, module.default)
  loaded.add(name)
}

/** Makes the texts of these areas ready in the language in use. */
export async function load_texts(...wanted: string[]): Promise<void> {
  for (const area of wanted) areas.add(area)
  await Promise.all([...areas].map((area) => load(area, locale.value)))
}

export async function set_locale(next: Locale): Promise<void> {
  await Promise.all([...areas].map((area) => load(area, next)))
  composer.locale.value = next
  try {
    localStorage.setItem(k_stored, next)
  } catch {
    // Then it holds for this page only.
  }
}

export async function start_i18n(): Promise<void> {
  watch(locale, (now) => document.documentElement.setAttribute('lang', now), { immediate: true })
  const wanted = stored_locale()
  if (wanted !== 'zh-CN') await set_locale(wanted)
}
