// What follows from a filing's own answers without being one: twin of src/filing/derived.cc, which
// says what is told (tests/vectors/derived.json).
import { cleanLine } from './clean'
import { siteKeys, valueAt } from './paths'
import type { Content, Json } from './types'

const k_enterprise = 4
const k_individual = 5

const text = (content: Content, path: string): string => {
  const value = valueAt(content, path)
  return typeof value === 'string' ? value : ''
}
const number = (content: Content, path: string): number => {
  const value = valueAt(content, path)
  return typeof value === 'number' ? value : 0
}
const has_han = (name: string) => [...name].some((one) => one.codePointAt(0)! > 0x2e7f)

/** Letters, digits and characters only, capitals, full-width ones as narrow. */
export function bareName(name: string): string {
  return [...cleanLine(name)]
    .map((one) => (/[a-z]/.test(one) ? one.toUpperCase() : one))
    .filter((one) => {
      const c = one.codePointAt(0)!
      const script = c > 0x2e7f && (c < 0x3000 || c > 0x303f) && c < 0xff00
      return /[0-9A-Z]/.test(one) || script || c > 0xffff
    })
    .join('')
}

function agree(a: string, b: string): boolean | undefined {
  const [x, y] = [bareName(a), bareName(b)]
  return x === '' || y === '' ? undefined : x === y
}

/** `known` with what follows added; its websites may know `registered_holder`, `registered_until`. */
export function deriveFacts(content: Content, known: Content): Content {
  const out: Content = { ...known }
  const at = (path: string) => text(content, path)
  const tell = (into: Content, name: string, is: boolean | undefined) => {
    if (is !== undefined) into[name] = is
  }
  const representative = at('organiser.representative')
  tell(out, 'principal_is_representative', agree(at('principal.name'), representative))

  const record = valueAt(content, 'record') as Content | undefined
  const as_filed = (path: string) => (record ? agree(at(path), text(record, path)) : undefined)
  if (record) {
    const name = as_filed('organiser.name')
    const same_number = as_filed('organiser.certificate_number')
    const [type_now, type_then] = [content, record].map((one) =>
      number(one, 'organiser.certificate_type'),
    )
    let certificate = same_number
    if (same_number !== undefined && type_now && type_then)
      certificate = same_number && type_now === type_then
    tell(out, 'name_as_filed', name)
    tell(out, 'name_changes', name === undefined ? undefined : !name)
    tell(out, 'certificate_as_filed', certificate)
    let principal = as_filed('principal.name')
    const its = as_filed('principal.certificate_number')
    if (principal !== undefined && its !== undefined) principal = principal && its
    tell(out, 'principal_as_filed', principal)
    tell(
      out,
      'representative_same',
      agree(representative, text(record, 'organiser.representative')),
    )
    if (name !== undefined && certificate !== undefined && principal !== undefined)
      out.subject_as_filed = name && certificate && principal
    const [now, then] = [content, record].map((one) => number(one, 'organiser.nature'))
    if (now && then) {
      out.individual_to_enterprise = then === k_individual && now === k_enterprise
      if (same_number !== undefined && name !== undefined)
        out.subject_replaced = !same_number || (then === k_individual && !name)
    }
  }

  const keys = siteKeys(content)
  function holder(name: string): string {
    const [bare, organiser] = [bareName(name), at('organiser.name')]
    if (bare === '' || bareName(organiser) === '') return ''
    const is = (other: string) => bare === bareName(other)
    if (is(organiser)) return 'organiser'
    if (!has_han(name) && has_han(organiser)) return ''
    if (number(content, 'organiser.nature') === k_individual) return 'other'
    if (is(representative)) return 'representative'
    if (is(at('principal.name'))) return representative === '' ? '' : 'principal'
    if (keys.some((key) => is(at(`sites.${key}.manager.name`)))) return 'manager'
    if (is(at('organiser.investor'))) return 'parent'
    return representative === '' ? '' : 'other'
  }
  const holders: string[] = []
  out.sites = keys.map((key): Json => {
    const item = `sites.${key}`
    const before = valueAt(known, item)
    const site: Content = before ? { ...(before as Content) } : { key }
    const whose = holder(text(site, 'registered_holder') || at(`${item}.domain_holder`))
    if (whose) site.domain_holder = whose
    holders.push(whose)
    const until = text(site, 'registered_until') || at(`${item}.domain_until`)
    if (until) site.domain_until = until
    tell(site, 'name_as_filed', as_filed(`${item}.name`))
    return site
  })
  const all = holders.length > 0 && holders.every((one) => one !== '')
  const held_by = (name: string, roles: string[]) =>
    tell(out, name, holders.some((one) => roles.includes(one)) || (all ? false : undefined))
  held_by('domain_of_representative', ['representative'])
  held_by('domain_of_officer', ['principal', 'manager'])
  held_by('domain_of_parent', ['parent'])
  return out
}
