// What the server publishes for every form: the form itself, the dictionaries, the divisions. Asked
// for once a page load; the answers do not change while a page is open.
import { api, ask } from './api/client'
import type { Dictionaries, DictionaryEntry, DivisionTree, Form, Labels } from './form/types'
import { locale } from './i18n'
import type { Option } from '@/fields/field'

const kept = new Map<string, Promise<unknown>>()

function once<T>(name: string, fetch_it: () => Promise<unknown>): Promise<T> {
  let found = kept.get(name)
  if (!found) {
    found = fetch_it().catch((error: unknown) => {
      kept.delete(name)
      throw error
    })
    kept.set(name, found)
  }
  return found as Promise<T>
}

export function load_form(version = 'current'): Promise<Form> {
  return once(`form/${version}`, () =>
    ask(api.GET('/forms/{version}', { params: { path: { version } } })),
  )
}
export function load_dictionaries(): Promise<Dictionaries> {
  return once('dictionaries', () => ask(api.GET('/dictionaries')))
}
export function load_divisions(): Promise<DivisionTree> {
  return once('divisions', async () => {
    const answer = await ask(api.GET('/divisions'))
    return answer.tree
  })
}

/** A label of the form document in the reader's language. */
export function said(labels: Labels | string | undefined): string {
  if (labels === undefined || typeof labels === 'string') return labels ?? ''
  return labels[locale.value] ?? labels['zh-CN'] ?? ''
}

export function entry_options(entries: DictionaryEntry[]): Option[] {
  return entries
    .filter((entry) => entry.active !== false)
    .map((entry) => ({
      value: entry.id,
      label: said(entry.label),
      help: said(entry.help) || undefined,
    }))
}

export function entry_label(dictionaries: Dictionaries, name: string, id: unknown): string {
  const entry = dictionaries[name]?.entries.find((one) => one.id === id)
  return entry ? said(entry.label) : String(id ?? '')
}

/** The kinds of certificate that a nature of organiser has. */
export function certificates_of(dictionaries: Dictionaries, nature: unknown): DictionaryEntry[] {
  return dictionaries.certificate_types?.entries.filter((entry) => entry.nature === nature) ?? []
}
