// Names for the numbers in a filing. A page that cannot get them shows the numbers.
import { computed, shallowReactive } from 'vue'
import { entry_label, load_dictionaries, load_divisions } from '@/shared/catalogue'
import type { Dictionaries, DivisionTree } from '@/shared/form/types'
import type { Names } from './case/form_document'

const state = shallowReactive({
  dictionaries: {} as Dictionaries,
  divisions: new Map<string, string>(),
})

export function names_of(tree: DivisionTree): Map<string, string> {
  const names = new Map<string, string>()
  for (const [province, [name, cities]] of Object.entries(tree)) {
    names.set(province, name)
    for (const [city, [city_name, counties]] of Object.entries(cities)) {
      names.set(city, city_name)
      for (const [county, county_name] of Object.entries(counties)) names.set(county, county_name)
    }
  }
  return names
}

export async function load_names(): Promise<void> {
  const dictionaries = load_dictionaries().then((got) => (state.dictionaries = got))
  const divisions = load_divisions().then((got) => (state.divisions = names_of(got)))
  await Promise.allSettled([dictionaries, divisions])
}

export const names = computed<Names>(() => ({
  dictionaries: state.dictionaries,
  divisions: state.divisions,
}))

export function division_name(code: string): string {
  return state.divisions.get(code) ?? code
}

export function dictionary_name(dictionary: string, id: number): string {
  return entry_label(state.dictionaries, dictionary, id)
}

export const province_choices = computed(() =>
  [...state.divisions]
    .filter(([code]) => code.endsWith('0000'))
    .map(([value, text]) => ({ value, text })),
)

export function dictionary_choices(dictionary: string): { value: string; text: string }[] {
  return (state.dictionaries[dictionary]?.entries ?? [])
    .filter((entry) => entry.active !== false)
    .map((entry) => ({ value: String(entry.id), text: dictionary_name(dictionary, entry.id) }))
}
