// The names of GB/T 2260 divisions, fetched when a record is first shown; the wire has their codes.
import { shallowRef } from 'vue'

type Tree = Record<string, [string, Record<string, [string, Record<string, string>]>]>
const names = shallowRef(new Map<string, string>())
let asked = false

async function fetch_names() {
  const { default: file } = await import('@data/divisions.json')
  const found = new Map<string, string>()
  for (const [province, [name, cities]] of Object.entries(file.tree as unknown as Tree)) {
    found.set(province, name)
    for (const [city, [city_name, counties]] of Object.entries(cities)) {
      found.set(city, city_name)
      for (const [county, county_name] of Object.entries(counties)) found.set(county, county_name)
    }
  }
  names.value = found
}

/** The code itself until the names are there, and where there is none. */
export function division_name(code: string): string {
  if (!asked) {
    asked = true
    fetch_names().catch((error: unknown) => {
      asked = false
      console.error(error)
    })
  }
  return names.value.get(code) ?? code
}
