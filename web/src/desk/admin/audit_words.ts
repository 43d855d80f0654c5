// An entry of the audit trail in words. Its detail holds codes, ids and counts (service/audit.h):
// each is said as its reader would say it, and what only proves something is left out.
import type { Schemas } from '@/shared/api/client'
import { show_time } from '@/shared/format'
import { locale, t } from '@/shared/i18n'
import { division_name } from '../names'

export type Entry = Schemas['AuditEntry']
type Detail = Record<string, unknown>

const join = (parts: string[]) => parts.join(locale.value === 'en' ? ', ' : '、')
/** The text under the first of these keys that has one; else the last word itself. */
function or_else(...keys: string[]): string {
  const otherwise = keys.pop() ?? ''
  for (const key of keys) {
    const found = t(key)
    if (found !== key) return found
  }
  return otherwise
}
const word = (name: string, blanks = {}) => t(`admin.audit.words.${name}`, blanks)

function role_name(role: unknown): string {
  const name = String(role)
  return or_else(`desk.role.${name}`, `admin.audit.member_role.${name}`, name)
}

function scope_words(text: string): string {
  if (!text) return word('scope_all')
  try {
    const scope = JSON.parse(text) as { provinces?: string[]; customers?: unknown[] }
    const parts = (scope.provinces ?? []).map(division_name)
    if (scope.customers?.length) parts.push(word('customers', { n: scope.customers.length }))
    return parts.length ? word('scope', { what: join(parts) }) : word('scope_all')
  } catch {
    return ''
  }
}

const person = (entry: Entry, id: unknown) => entry.people[String(id)] ?? String(id)
const state = (name: unknown) => or_else(`states.${String(name)}.staff`, String(name))
const family = (entry: Entry) => entry.act.split('.')[0]

function kind_name(entry: Entry, kind: string): string {
  if (family(entry) === 'job') return or_else(`manage.jobs.kinds.${kind}`, kind)
  return or_else(`line.kind.${kind}`, `line.ip_kind.${kind}`, '')
}

// One member of a detail in words; empty: nothing to say. What is not here is not shown.
const k_said: Record<string, (value: unknown, entry: Entry) => string> = {
  role: (value, { detail }) =>
    'before' in detail && detail.before !== value
      ? word('role_change', { before: role_name(detail.before), role: role_name(value) })
      : word('role', { role: role_name(value) }),
  scope: (value) => scope_words(String(value)),
  asked_by: (value, entry) => word('asked_by', { name: person(entry, value) }),
  agency: (value, entry) => word('agency', { name: person(entry, value) }),
  network: (value) => (value ? word('network', { network: value }) : ''),
  second_factor: (value) => word(value ? 'with_factor' : 'without_factor'),
  reason: (value) =>
    ({
      login_failed: word('wrong'),
      second_factor_needed: word('factor_needed'),
      second_factor_wrong: word('factor_wrong'),
    })[String(value)] ?? or_else(`dispatch.stock.reason.${String(value)}`, ''),
  consent: (value) => word('version', { version: value }),
  version: (value) => word('version', { version: value }),
  rule: (value) =>
    word('retention', { rule: or_else(`manage.rule.${String(value)}`, String(value)) }),
  count: (value) => word('n', { n: value }),
  entries: (value) => word('n', { n: value }),
  rows: (value) => word('n', { n: value }),
  n: (value) => word('pieces', { n: value }),
  files: (value) => word('files', { n: value }),
  filings_erased: (value) => word('erased', { n: value }),
  filings_kept_by_law: (value) => word('kept', { n: value }),
  clocks_moved: (value) => word('clocks', { n: value }),
  back_to: () => word('undone'),
  good: (value) => word(value ? 'good' : 'bad'),
  reached: (value) => word(value ? 'reached' : 'unreached'),
  what: (value) => (value ? t(`admin.audit.what.${String(value)}`) : word('whole')),
  audience: (value) => word('audience', { who: word(String(value)) }),
  instance: (value) => word('instance', { instance: value }),
  fields: (value) =>
    Array.isArray(value) && value.length
      ? word('fields', {
          what: join(value.map((one) => or_else(`products.${String(one)}`, String(one)))),
        })
      : '',
  queue: (value) =>
    word('queue', { queue: or_else(`desk.queue.name.${String(value)}`, String(value)) }),
  format: (value) => String(value).toUpperCase(),
  province: (value) => division_name(String(value)),
  kind: (value, entry) => kind_name(entry, String(value)),
  first: (value) => String(value),
  last: (value) => `– ${String(value)}`,
}
/** Members that are for proof, or said together with another one. */
export const k_unsaid = [
  'event',
  'proof',
  'digest',
  'change',
  'before',
  'from',
  'to',
  'until',
  'session',
  'transfer',
  'backdrop',
  'organiser',
  'which',
]
export const is_said = (member: string) => member in k_said

// From and to are states of a filing, accounts, or moments.
function span(entry: Entry): string[] {
  const { from, to, until } = entry.detail as Detail
  if (family(entry) === 'announcement' && from !== undefined)
    return [word('from_until', { from: show_time(Number(from)), until: show_time(Number(until)) })]
  if (from === undefined || to === undefined) return []
  return family(entry) === 'filing'
    ? [word('step', { from: state(from), to: state(to) })]
    : [word('from_to_people', { from: person(entry, from), to: person(entry, to) })]
}

export function detail_words(entry: Entry): string {
  const said = Object.entries(entry.detail)
    .filter(([name]) => is_said(name))
    .map(([name, value]) => k_said[name]!(value, entry))
  if (entry.act === 'privacy.retention' && Number(entry.detail.before) > 0)
    said.push(word('before', { day: show_time(Number(entry.detail.before)) }))
  return [...span(entry), ...said].filter(Boolean).join(' · ')
}

export function act_words(act: string): string {
  const [name = '', of] = act.split(' ')
  const said = or_else(`admin.audit.acts.${name}`, name)
  const what = of ? or_else(`phone.purpose.${of}`, '') : ''
  return what ? said + (locale.value === 'en' ? ': ' : '：') + what : said
}

const setting_name = (name: string) => {
  const [family = '', ...rest] = name.split('.')
  if (family === 'bureau' || family === 'line') return division_name(rest[0] ?? '')
  if (family === 'notice') return rest.join(' ')
  if (family === 'retention') return or_else(`manage.rule.${rest[0]}`, name)
  return or_else(`manage.setting.${name}.label`, `manage.${name}`, name)
}

export function subject_words(entry: Entry): string {
  const [what = '', ...rest] = entry.subject.split('/')
  const kind = t(`admin.audit.subject_of.${what}`)
  if (what === 'account') return `${kind} ${person(entry, rest[0])}`
  if (what === 'setting') return `${kind} ${setting_name(rest.join('/'))}`
  return `${kind} ${rest.map((one) => (/^\d{6}$/.test(one) ? division_name(one) : one)).join(' ')}`
}
