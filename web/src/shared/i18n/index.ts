// Texts by area: src/texts/<locale>/<area>.json for the applicant, src/desk/texts, src/bureau/texts …
// for the other houses, data/texts/<locale>/states.json for the words the server uses too. A route
// names its areas in meta.texts; `common` is always there. Chinese `common` is in the bundle,
// everything else comes when it is asked for. A text may have blanks, `{name}`, and signs written as
// themselves, `{'@'}`; that is all the format there is, so a library of 10 KiB is not needed for it.
import { ref, shallowReactive, watch, type Plugin, type Ref } from 'vue'
import common from '@/texts/zh-CN/common.json'

export const locales = ['zh-CN', 'en'] as const
export type Locale = (typeof locales)[number]
type Texts = { [key: string]: unknown }
type Blanks = Record<string, string | number>

type TextFiles = Record<string, () => Promise<{ default: Texts }>>

// Those of the desk and of the bureau's console come with their own pages (add_text_files).
const files: TextFiles = import.meta.glob<{ default: Texts }>([
  '../../texts/*/*.json',
  '../../*/texts/*/*.json',
  '!../../texts/zh-CN/common.json',
  '!../../{desk,bureau}/**',
])
const shared_files = import.meta.glob<{ default: Texts }>('../../../../data/texts/*/states.json')

export const locale: Ref<Locale> = ref('zh-CN')
// The documents that are ready, by language; a key is looked for in each.
const ready: Record<Locale, Texts[]> = {
  'zh-CN': shallowReactive<Texts[]>([common]),
  en: shallowReactive<Texts[]>([]),
}

function find(key: string, of: Locale): unknown {
  const names = key.split('.')
  for (const texts of ready[of]) {
    let at: unknown = texts
    for (const name of names) at = (at as Texts | undefined)?.[name]
    if (at !== undefined) return at
  }
  return undefined
}

function look_up(key: string): unknown {
  const found = find(key, locale.value) ?? find(key, 'zh-CN')
  if (found === undefined && import.meta.env.DEV) console.warn(`no text for ${key}`)
  return found
}

export function fill(text: string, blanks: Blanks): string {
  return text.replace(/\{(\w+|'[^']*')\}/g, (_, name: string) =>
    name.startsWith("'") ? name.slice(1, -1) : String(blanks[name] ?? ''),
  )
}

/** The text under a key in the reader's language, its blanks filled; the key itself where there is none. */
export function t(key: string, blanks: Blanks = {}): string {
  const found = look_up(key)
  return typeof found === 'string' ? fill(found, blanks) : key
}

/** A list of sentences under one key. */
export function tm(key: string): string[] {
  const found = look_up(key)
  return Array.isArray(found) ? found.map((line) => fill(String(line), {})) : []
}

/** Gives templates `$t`. */
export const i18n: Plugin = {
  install: (app) => {
    app.config.globalProperties.$t = t
  },
}

/** Further areas of texts, as `import.meta.glob` gives them, before a page asks for one. */
export function add_text_files(more: Record<string, () => Promise<unknown>>): void {
  Object.assign(files, more)
}

const areas = new Set<string>(['common'])
const loaded = new Set<string>(['zh-CN/common'])

async function load(area: string, of: Locale): Promise<void> {
  const name = `${of}/${area}`
  if (loaded.has(name)) return
  const path = Object.keys(files).find((file) => file.endsWith(`/texts/${name}.json`))
  const fetch_it = path ? files[path] : shared_files[`../../../../data/texts/${name}.json`]
  if (!fetch_it) throw new Error(`no texts ${name}`)
  const module = await fetch_it()
  if (loaded.has(name)) return
  loaded.add(name)
  ready[of].push(module.default)
}

/** Makes the texts of these areas ready in the language in use. */
export async function load_texts(...wanted: string[]): Promise<void> {
  for (const area of wanted) areas.add(area)
  await Promise.all([...areas].map((area) => load(area, locale.value)))
}

const k_stored = 'beian.locale'

function stored_locale(): Locale {
  try {
    const stored = localStorage.getItem(k_stored)
    if (stored === 'en' || stored === 'zh-CN') return stored
  } catch {
    // Private windows may refuse storage; the browser's language serves.
  }
  return /^en/i.test(navigator.language) ? 'en' : 'zh-CN'
}

let chosen: Locale | undefined

/** Kept at once: a page that is left while the texts are still coming opens in the language chosen. */
export async function set_locale(next: Locale): Promise<void> {
  chosen = next
  try {
    localStorage.setItem(k_stored, next)
  } catch {
    // Then it holds for this page only.
  }
  await Promise.all([...areas].map((area) => load(area, next)))
  if (chosen === next) locale.value = next
}

export async function start_i18n(): Promise<void> {
  watch(locale, (now) => document.documentElement.setAttribute('lang', now), { immediate: true })
  const wanted = stored_locale()
  await load('common', wanted)
  locale.value = wanted
}
