import type { DivisionTree } from '@/shared/form/types'
import type { Option } from './field'

const options = (entries: [string, string][]): Option[] =>
  entries.map(([value, label]) => ({ value, label }))

export function provinces(tree: DivisionTree): Option[] {
  return options(Object.entries(tree).map(([code, [name]]) => [code, name]))
}

/** What stands in the list of cities without being one: a municipality's districts have no city. */
const k_no_city = ['市辖区', '县']

export function cities(tree: DivisionTree, province: string | null): Option[] {
  const found = province ? tree[province] : undefined
  return options(
    Object.entries(found?.[1] ?? {}).map(([code, [name]]) => [
      code,
      k_no_city.includes(name) ? `${found![0]}（${name}）` : name,
    ]),
  )
}

export function counties(
  tree: DivisionTree,
  province: string | null,
  city: string | null,
): Option[] {
  const found = province && city ? tree[province]?.[1][city]?.[1] : undefined
  return options(Object.entries(found ?? {}))
}

/** "浙江省杭州市西湖区"; codes that the list does not have are left out. */
export function division_name(tree: DivisionTree, ...codes: (string | null | undefined)[]): string {
  const [province, city, county] = codes
  const p = province ? tree[province] : undefined
  const c = city ? p?.[1][city] : undefined
  const middle = c && !k_no_city.includes(c[0]) ? c[0] : undefined
  return [p?.[0], middle, county ? c?.[1][county] : undefined].filter(Boolean).join('')
}
