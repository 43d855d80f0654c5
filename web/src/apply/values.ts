import { division_name } from '@/fields/divisions'
import { entry_label } from '@/shared/catalogue'
import { listed, show_plain_date } from '@/shared/format'
import { absolutePath, isAbsent, valueAt } from '@/shared/form/paths'
import type { Content, Dictionaries, DivisionTree, Field, Json } from '@/shared/form/types'
import { t } from '@/shared/i18n'

export interface Words {
  content: Content
  dictionaries: Dictionaries
  divisions: DivisionTree
  /** Names of products, by id. */
  products: Map<string, string>
}

const is_date = (value: Json) => typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)

function division(field: Field, value: string, words: Words): string {
  const { divisions } = words
  if (field.kind === 'province') return division_name(divisions, value)
  const province = `${value.slice(0, 2)}0000`
  if (field.kind === 'city') return divisions[province]?.[1][value]?.[0] ?? value
  const cities = Object.values(divisions[province]?.[1] ?? {})
  return cities.map((city) => city[1][value]).find(Boolean) ?? value
}

function row(field: Field, value: Json, words: Words): string {
  const record = value as { [key: string]: Json }
  return (field.fields ?? [])
    .map((part) => show_value(part, record[part.path] ?? null, words))
    .filter(Boolean)
    .join(' ')
}

/** What a field holds, in words. */
export function show_value(field: Field, value: Json, words: Words): string {
  if (isAbsent(value)) return ''
  if (field.dictionary) {
    const list = Array.isArray(value) ? value : [value]
    return listed(list.map((one) => entry_label(words.dictionaries, field.dictionary!, one)))
  }
  if (field.kind === 'list' && Array.isArray(value))
    return value.map((one) => row(field, one, words)).join('；')
  if (Array.isArray(value)) return listed(value.map(String))
  if (typeof value === 'boolean') return t(value ? 'field.yes' : 'field.no')
  if (value === 'long' && field.kind === 'date_or_long') return t('field.long')
  if (is_date(value)) return show_plain_date(value as string)
  if (['province', 'city', 'county'].includes(field.kind))
    return division(field, String(value), words)
  if (field.kind === 'product') return words.products.get(String(value)) ?? String(value)
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

export function shown_value(field: Field, item: string, words: Words): string {
  return show_value(field, valueAt(words.content, absolutePath(field.path, item)) ?? null, words)
}
