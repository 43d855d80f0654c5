// The vectors that the server's checks are tested with as well (tests/unit/filing).
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkForm } from './check'
import { canonicalPhone, cleanLine } from './clean'
import { holds } from './condition'
import { checkEmail, checkIp, checkMobile, checkPhone } from './contact'
import { deriveFacts } from './derived'
import { checkDomain, checkHomeUrl } from './domain'
import { materialFromPath, visibleFields } from './form'
import { checkCertificateNumber } from './identity'
import { judge, type Verdict } from './judge'
import { withValue } from './paths'
import type {
  Catalogue,
  Condition,
  Content,
  Form,
  Json,
  MaterialPlace,
  Problem,
  Rule,
} from './types'

const root = process.env.BEIAN_ROOT ?? resolve(__dirname, '../../../..')
const read = (path: string) => JSON.parse(readFileSync(resolve(root, path), 'utf8'))
const vectors = (name: string) => read(`tests/vectors/${name}.json`)

const names = [
  'natures',
  'certificate_types',
  'services',
  'approvals',
  'languages',
  'access_methods',
  'server_locations',
]
const catalogue: Catalogue = {
  dictionaries: Object.fromEntries(
    names.map((name) => [name, read(`data/dictionaries/${name}.json`)]),
  ),
  divisions: read('data/divisions.json').tree,
  rules: read('data/rules/national.json').rules,
}
const form: Form = read('data/forms/first_filing.json')

interface Case {
  name: string
  code?: string
  params?: Record<string, string>
  hard?: boolean
  cpp_only?: boolean
  text: string
  check: string
  in: string
  out: string
  type: number
  number: string
  domain: string
  codes: string[]
  condition: Condition
  holds: boolean
  item?: string
  base: string
  set: Record<string, Json>
  materials?: string[]
  problems: { field: string; code: string; hard?: boolean }[]
}
const casesOf = (document: { cases: Case[] }) => document.cases.filter((one) => !one.cpp_only)

function expectProblem(found: Problem | undefined, wanted: Case) {
  expect(found?.code).toBe(wanted.code)
  if (!found) return
  expect(found.hard).toBe(wanted.hard ?? true)
  expect(found.params).toMatchObject(wanted.params ?? {})
}

describe('what follows from the answers', () => {
  it.each(
    vectors('derived').cases as {
      name: string
      content: Content
      known?: Content
      expect: Content
    }[],
  )('$name', (one) => {
    expect(deriveFacts(one.content, one.known ?? {})).toEqual(one.expect)
  })
})

describe('clean', () => {
  it.each(casesOf(vectors('clean')))('$name', (one) => {
    expect(cleanLine(one.in)).toBe(one.out)
    expect(cleanLine(one.out)).toBe(one.out)
  })
})

describe('identity', () => {
  const document = vectors('identity')
  it.each(casesOf(document))('$name', (one) => {
    expectProblem(
      checkCertificateNumber(
        catalogue.dictionaries.certificate_types,
        catalogue.divisions,
        one.type,
        one.number,
        document.today,
      ),
      one,
    )
  })
})

describe('contacts', () => {
  const checks: Record<string, (text: string) => Problem | undefined> = {
    mobile: checkMobile,
    phone: checkPhone,
    email: checkEmail,
    ip: checkIp,
  }
  it.each(casesOf(vectors('contacts')))('$check $text', (one) => {
    expectProblem(checks[one.check]?.(one.text), one)
  })
  it.each(vectors('contacts').spellings as { in: string; out: string }[])(
    'writes $in one way',
    (one) => {
      expect(canonicalPhone(one.in)).toBe(one.out)
      expect(canonicalPhone(one.out)).toBe(one.out)
    },
  )
})

describe('domains', () => {
  it.each(casesOf(vectors('domains')))('$check $text', (one) => {
    const found =
      one.check === 'domain'
        ? checkDomain(one.text)
        : [checkHomeUrl(one.text, one.domain)].filter((each) => each !== undefined)
    expect(found.map((each) => each.code)).toEqual(one.codes)
    for (const each of found) expect(each.params).toMatchObject(one.params ?? {})
  })
})

describe('conditions', () => {
  const document = vectors('conditions')
  it.each(casesOf(document))('$name', (one) => {
    const facts = {
      content: document.content as Content,
      today: document.today as string,
      item: one.item ?? '',
    }
    expect(holds(one.condition, facts)).toBe(one.holds)
  })
})

describe('form', () => {
  const document = vectors('form')
  it.each(casesOf(document))('$name', (one) => {
    const base = document.bases[one.base]
    const content = Object.entries(one.set).reduce(
      (changed, [path, value]) => withValue(changed, path, value),
      base.content as Content,
    )
    const present = (one.materials ?? base.materials).map(materialFromPath) as MaterialPlace[]
    const found = checkForm(
      form,
      catalogue,
      content,
      present,
      document.today,
      deriveFacts(content, {}),
    )
    const shown = (each: { field: string; code: string; hard?: boolean }) =>
      `${each.field} ${each.code}${each.hard === false ? ' advice' : ''}`
    expect(found.map(shown).sort()).toEqual(one.problems.map(shown).sort())
  })

  it('tells problems in the order of the pages', () => {
    const fields = checkForm(form, catalogue, { sites: [{ key: 's1' }] }, [], document.today).map(
      (each) => each.field,
    )
    const position = (field: string) => {
      expect(fields).toContain(field)
      return fields.indexOf(field)
    }
    expect(position('organiser.nature')).toBeLessThan(position('organiser.address'))
    expect(position('organiser.address')).toBeLessThan(position('principal.mobile'))
    expect(position('principal.mobile')).toBeLessThan(position('sites.s1.name'))
    expect(position('sites.s1.name')).toBeLessThan(
      position('materials.principal_certificate_front'),
    )
  })

  it('survives content of any shape', () => {
    const odd = [
      {},
      { sites: 7 },
      { sites: [1, 'a', { key: 5 }, { key: '' }, null] },
      { organiser: [], principal: 'x', sites: [{ key: 's1', services: {}, access: [1] }] },
      { sites: [{ key: 's1', approvals: [1, { kind: 'a' }], languages: [null, {}], manager: 3 }] },
    ]
    for (const content of odd) {
      expect(
        checkForm(form, catalogue, content as Content, [], document.today).length,
      ).toBeGreaterThan(0)
    }
  })

  it('works before the divisions have come', () => {
    const found = checkForm(
      form,
      { ...catalogue, divisions: undefined as never },
      document.bases.enterprise.content,
      document.bases.enterprise.materials.map(materialFromPath),
      document.today,
    )
    expect(found).toEqual([])
  })
})

describe('rules', () => {
  const document = vectors('rules')
  const { bases } = vectors('form')
  const { groups } = read('data/rules/common.json')
  const by_id = new Map<string, { rule: Rule; province: string }>()
  for (const province of Object.keys(document.places))
    for (const rule of read(`data/rules/${province}.json`).rules as Rule[])
      by_id.set(rule.id, { rule, province })
  const body: Record<string, Record<string, Json>> = {
    gov: { 'organiser.nature': 2, 'organiser.certificate_type': 13 },
    pub: { 'organiser.nature': 3, 'organiser.certificate_type': 15 },
  }
  interface RuleCase {
    rule: string
    base: string
    kind: string
    item?: string
    set?: Record<string, Json>
    known?: Content
    materials?: string[]
    verdict: Verdict
  }
  it('says the same of every rule', () => {
    const wrong: string[] = []
    for (const one of document.cases as RuleCase[]) {
      const { rule, province } = by_id.get(one.rule)!
      const sets = { ...document.places[province], ...body[one.base], ...one.set }
      const content = Object.entries(sets).reduce(
        (changed, [path, value]) => withValue(changed, path, value as Json),
        bases[body[one.base] ? 'enterprise' : one.base].content as Content,
      )
      const judged = {
        content,
        kind: one.kind,
        known: one.known ?? {},
        present: (one.materials ?? []).map(materialFromPath) as MaterialPlace[],
        today: document.today,
        divisions: catalogue.divisions!,
        groups,
      }
      const visible = new Set(visibleFields(form, content, document.today).map((at) => at.path))
      const item = rule.each ? (one.item ?? 'sites.s1') : ''
      const found = judge([rule], judged, visible).find(
        (each) => each.field.startsWith(item && `${item}.`) || item === '',
      )
      if (found?.verdict !== one.verdict)
        wrong.push(`${JSON.stringify(one)}: ${String(found?.verdict)}`)
    }
    expect(document.cases.length).toBeGreaterThan(1000)
    expect(wrong).toEqual([])
  })
})
