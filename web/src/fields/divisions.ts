import type { DivisionTree } from '@/shared/form/types'
import type { Option } from './field'

const options = (entries: [string, string][]): Option[] =>
  entries.map(([value, label]) => ({ value, label }))

export function provinces(tree: DivisionTree): Option[] {
  return options(Object.entries(tree).map(([code, [name]]) => [code, name]))
}

export function cities(tree: DivisionTree, province: string | null): Option[] {
  const found = province ? tree[province]?.[1] : undefined
  return options(Object.entries(found ?? {}).map(([code, [name]]) => [code, name]))
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
  return [p?.[0], c?.[0], county ? c?.[1][county] : undefined].filter(Boolean).join('')
}
