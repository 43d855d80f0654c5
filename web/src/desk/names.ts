// Names for the numbers in a filing: dictionaries, divisions, provinces. Asked for once; a page that
// cannot get them shows the numbers.
import { computed, shallowReactive } from 'vue'
import { api, ask } from '@/shared/api/client'
import { locale } from '@/shared/i18n'
import type { Entry, Names } from './case/form_document'
import { text_in } from './reasons'

const state = shallowReactive({
  dictionaries: {} as Record<string, Entry[]>,
  divisions: new Map<string, string>(),
})
let loading: Promise<void> | null = null

function entries_of(given: unknown): Entry[] {
  const list = Array.isArray(given) ? given : (given as { entries?: unknown })?.entries
  return Array.isArray(list) ? (list as Entry[]) : []
}

async function load(): Promise<void> {
  const [dictionaries, divisions] = await Promise.all([
    ask(api.GET('/dictionaries')),
    ask(api.GET('/divisions')),
  ])
  state.dictionaries = Object.fromEntries(
    Object.entries(dictionaries).map(([name, given]) => [name, entries_of(given)]),
  )
  state.divisions = read_divisions(divisions)
}

/** Codes and names out of data/divisions.json, however deep. */
export function read_divisions(given: unknown, into = new Map<string, string>()) {
  if (Array.isArray(given)) for (const one of given) read_divisions(one, into)
  else if (typeof given === 'object' && given !== null) {
    const { code, name } = given as { code?: unknown; name?: unknown }
    if (code !== undefined && typeof name === 'string') into.set(String(code), name)
    for (const [key, value] of Object.entries(given))
      if (/^\d{6}$/.test(key) && typeof value === 'string') into.set(key, value)
      else read_divisions(value, into)
  }
  return into
}

export function load_names(): Promise<void> {
  loading ??= load().catch(() => void (loading = null))
  return loading
}

export const names = computed<Names>(() => ({
  dictionaries: state.dictionaries,
  divisions: state.divisions,
}))

export function division_name(code: string): string {
  return state.divisions.get(code) ?? code
}

export function dictionary_name(dictionary: string, id: number): string {
  const entry = state.dictionaries[dictionary]?.find((one) => one.id === id)
  return entry ? text_in(entry.label, locale.value) : String(id)
}
