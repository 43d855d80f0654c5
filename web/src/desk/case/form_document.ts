// A form document (GET /forms/{version}) laid over a filing's content: what a reviewer reads, in
// sections, with names instead of numbers.
import type { Schemas } from '@/shared/api/client'
import { holds, type Facts } from '@/shared/form/condition'
import { isAbsent, valueAt } from '@/shared/form/paths'
import type { Condition, Content, Dictionaries, Field, Form, Json, Page } from '@/shared/form/types'
import { sites_of } from '../paths'
import { text_in } from '../reasons'

/** Dictionaries by name, and names of divisions by code. */
export interface Names {
  dictionaries: Dictionaries
  divisions: Map<string, string>
}
type Material = Schemas['Material']

export interface CaseField {
  path: string
  label: string
  value: string
  /** Shown in figures of one width: numbers, domains, addresses of machines. */
  exact: boolean
  empty: boolean
  /** The value that was submitted before, where it was another. */
  before: string | null
}
export interface CaseSection {
  id: string
  title: string
  fields: CaseField[]
  materials: Material[]
}

const k_exact = new Set([
  'certificate_number',
  'mobile',
  'phone',
  'domain',
  'url',
  'email',
  'ips',
  'date',
  'date_or_long',
  'service_code',
  'product',
])

interface Reading {
  content: Content
  /** The content of the submission before, whole; null on the first. */
  previous: Content | null
  today: string
  names: Names
  locale: string
  words: { yes: string; no: string; long_term: string }
  /** Names of products by id. */
  products: Record<string, string>
}

function entry_name(reading: Reading, dictionary: string | undefined, value: Json): string {
  const entry = reading.names.dictionaries[dictionary ?? '']?.entries.find(
    (e) => e.id === Number(value),
  )
  return entry ? text_in(entry.label, reading.locale) : String(value)
}

/** A value in words; the empty string for nothing. */
function in_words(reading: Reading, field: Field, value: Json | undefined): string {
  if (value === undefined || isAbsent(value)) return ''
  if (field.kind === 'list' && Array.isArray(value))
    return value
      .map((item) =>
        (field.fields ?? [])
          .map((part) => in_words(reading, part, valueAt(item as Content, part.path)))
          .filter((text) => text !== '')
          .join(' '),
      )
      .join('\n')
  if (Array.isArray(value))
    return value
      .map((one) => (field.dictionary ? entry_name(reading, field.dictionary, one) : String(one)))
      .join(reading.locale === 'zh-CN' ? '、' : ', ')
  if (field.dictionary) return entry_name(reading, field.dictionary, value)
  if (typeof value === 'boolean') return value ? reading.words.yes : reading.words.no
  if (value === 'long') return reading.words.long_term
  if (['province', 'city', 'county'].includes(field.kind))
    return reading.names.divisions.get(String(value)) ?? String(value)
  if (field.kind === 'product') return reading.products[String(value)] ?? String(value)
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function read_field(
  reading: Reading,
  field: Field,
  path: string,
  facts: Facts,
  group_shown: Condition | undefined,
) {
  const value = in_words(reading, field, valueAt(reading.content, path))
  // What a change ticks to be changed is no part of what is registered.
  const compared = /(^|\.)change\./.test(path) ? null : reading.previous
  const before = compared && in_words(reading, field, valueAt(compared, path))
  const changed = before !== null && before !== value
  const asked =
    field.required !== undefined &&
    [group_shown, field.shown, field.required].every((one) => holds(one, facts))
  if (value === '' && !changed && !asked) return null
  return {
    path,
    label: text_in(field.official ?? field.label, reading.locale),
    value,
    exact: k_exact.has(field.kind),
    empty: value === '',
    before: changed ? before : null,
  }
}

const k_organiser = new Set([
  'organiser_certificate',
  'authorisation',
  'other',
  'verification_form',
])
const k_manager = new Set(['manager_certificate_front', 'manager_certificate_back'])

/** Which section a picture proves: that of the person, the website or the organiser. */
function section_of(material: Material, person: string): string {
  if (material.site) {
    const of_manager = k_manager.has(material.purpose) || material.purpose === 'verification_photo'
    return of_manager ? `sites.${material.site}.manager` : `sites.${material.site}`
  }
  return k_organiser.has(material.purpose) ? 'organiser' : person
}

function sections_of_page(reading: Reading, page: Page, prefix: string, title: string) {
  const sections: CaseSection[] = []
  const section = (id: string, name: string) => {
    let found = sections.find((one) => one.id === id)
    if (!found) sections.push((found = { id, title: name, fields: [], materials: [] }))
    return found
  }
  section(prefix, title)
  const item = page.each ? prefix : ''
  const facts = { content: reading.content, today: reading.today, item }
  for (const group of page.groups)
    for (const field of group.fields) {
      const path = field.path.startsWith('.') ? prefix + field.path : field.path
      const read: CaseField | null = read_field(reading, field, path, facts, group.shown)
      if (!read) continue
      // A website's manager is a person with papers of his own: a section of its own.
      if (path.startsWith(`${prefix}.manager.`) && page.each)
        section(
          `${prefix}.manager`,
          `${title} · ${text_in(group.official ?? group.title, reading.locale)}`,
        ).fields.push(read)
      else section(prefix, title).fields.push(read)
    }
  return sections
}

export function sections_of(
  form: Form,
  filing: Pick<Schemas['DeskFiling'], 'content' | 'previous' | 'materials' | 'products'>,
  names: Names,
  locale: string,
  words: Reading['words'],
  today: string,
): CaseSection[] {
  const content = filing.content as Content
  const previous = (filing.previous ?? null) as Content | null
  const { products } = filing
  const reading: Reading = { content, previous, names, locale, words, today, products }
  const sections = form.pages.flatMap((page) => {
    const title = text_in(page.official ?? page.title, locale)
    if (!page.each) return sections_of_page(reading, page, page.id, title)
    return sites_of(content).flatMap((site, index) =>
      sections_of_page(
        reading,
        page,
        `sites.${site.key}`,
        `${text_in(page.item ?? page.title, locale)} ${index + 1}`,
      ),
    )
  })
  const person = sections.some((s) => s.id === 'principal') ? 'principal' : 'organiser'
  for (const material of filing.materials) {
    const wanted = section_of(material, person)
    const home =
      sections.find((s) => s.id === wanted) ??
      sections.find((s) => wanted.startsWith(s.id + '.')) ??
      sections[0]
    home?.materials.push(material)
  }
  return sections.filter((s) => s.fields.length > 0 || s.materials.length > 0)
}

/** The sections and, last, the fields that something is said of although they hold nothing. */
export function with_rest(
  sections: CaseSection[],
  named: string[],
  title: string,
  label: (path: string) => string,
): CaseSection[] {
  const there = new Set(
    sections.flatMap((one) => [
      ...one.fields.map((field) => field.path),
      ...one.materials.map(material_path),
    ]),
  )
  const missing = [...new Set(named)].filter((path) => path !== '' && !there.has(path))
  if (missing.length === 0) return sections
  const fields = missing.map((path) => ({
    path,
    label: label(path),
    value: '',
    exact: false,
    empty: true,
    before: null,
  }))
  return [...sections, { id: 'rest', title, fields, materials: [] }]
}

/**
 * The name of a field or material; with `site`, led by the website it belongs to where there are
 * several.
 */
export function label_of(
  form: Form | null,
  path: string,
  content: Content,
  locale: string,
  site = true,
): string {
  const at = /^sites\.([^.]+)(?:\.(.*))?$/.exec(path)
  const keys = sites_of(content).map((site) => site.key)
  const site_page = form?.pages.find((page) => page.each === 'sites')
  const number = at ? keys.indexOf(at[1]!) + 1 : 0
  const lead =
    site && at && keys.length > 1 && number > 0
      ? `${text_in(site_page?.item ?? {}, locale)} ${number} · `
      : ''
  const rest = at ? (at[2] ?? '') : path
  const purpose = /^materials\.([^.]+)/.exec(rest)?.[1]
  if (purpose) return lead + material_label(form, purpose, at ? 'site' : 'filing', locale)
  const wanted = at ? '.' + rest : path
  const groups = form?.pages.flatMap((page) => page.groups) ?? []
  const field = groups
    .flatMap((group) => group.fields)
    .find((one) => wanted === one.path || wanted.startsWith(one.path + '.'))
  if (field) return lead + text_in(field.official ?? field.label, locale)
  const page = form?.pages.find((one) => one.id === path)
  return page ? text_in(page.official ?? page.title, locale) : path
}

export function material_label(
  form: Form | null,
  purpose: string,
  scope: 'filing' | 'site',
  locale: string,
): string {
  const all = form?.materials?.filter((one) => one.purpose === purpose) ?? []
  const found = all.find((one) => one.scope === scope) ?? all[0]
  return found ? text_in(found.label, locale) : purpose
}

export function material_path(material: Pick<Material, 'purpose' | 'site'>): string {
  const of = `materials.${material.purpose}`
  return material.site ? `sites.${material.site}.${of}` : of
}
