import { describe, expect, it } from 'vitest'
import form from '@data/forms/first_filing.json'
import catalogue from '@data/reasons.json'
import { draft_of, reasons_for, with_draft, type Reason } from './reasons'

const reasons = catalogue.reasons as Reason[]

/** Every path a first filing can have something wrong at. */
const paths = [
  ...form.pages.flatMap((page) =>
    page.groups.flatMap((group) =>
      group.fields.map(({ path }) => (path.startsWith('.') ? `sites.s1${path}` : path)),
    ),
  ),
  ...form.materials.map(({ purpose, scope }) =>
    scope === 'site' ? `sites.s1.materials.${purpose}` : `materials.${purpose}`,
  ),
]

describe('data/reasons.json', () => {
  it('has at least thirty reasons, each once and in both languages', () => {
    expect(reasons.length).toBeGreaterThanOrEqual(30)
    expect(new Set(reasons.map((one) => one.code)).size).toBe(reasons.length)
    for (const { code, text, check } of reasons) {
      expect(text['zh-CN'], code).toBeTruthy()
      expect(text.en, code).toBeTruthy()
      if (check) expect(check['zh-CN'] && check.en, code).toBeTruthy()
    }
  })
  it('names only fields that the form has', () => {
    const idle = reasons.filter((one) => !paths.some((path) => reasons_for([one], path).length))
    expect(idle.map((one) => one.code)).toEqual([])
  })
  it('offers a reason for every field and material', () => {
    const without = paths.filter((path) => reasons_for(reasons, path).length === 0)
    expect(without).toEqual([])
  })
  it('has the points a photograph is checked for', () => {
    const points = reasons_for(reasons, 'sites.s1.materials.verification_photo').filter(
      (r) => r.check,
    )
    expect(points.length).toBeGreaterThanOrEqual(8)
    expect(reasons_for(reasons, 'materials.verification_photo').filter((r) => r.check)).toEqual(
      points,
    )
  })
})

describe('drafted corrections', () => {
  const drafted = [
    { field: 'organiser.name', reason_code: 'a', text: null },
    { field: 'sites.s1.domain', reason_code: 'b', text: null },
    { field: 'sites.s1.domain', reason_code: null, text: '见附件' },
    { field: 'principal.mobile', reason_code: 'c', text: null },
  ]
  it('of one field are its reasons and words', () => {
    expect(draft_of(drafted, 'sites.s1.domain')).toEqual({ codes: ['b'], text: '见附件' })
    expect(draft_of(drafted, 'sites.s2.domain')).toEqual({ codes: [], text: '' })
  })
  it('change in their place and leave the others alone', () => {
    const next = with_draft(drafted, 'sites.s1.domain', { codes: ['d', 'e'], text: ' ' })
    expect(next.map((one) => [one.field, one.reason_code])).toEqual([
      ['organiser.name', 'a'],
      ['sites.s1.domain', 'd'],
      ['sites.s1.domain', 'e'],
      ['principal.mobile', 'c'],
    ])
  })
  it('go when nothing is left to say', () => {
    const next = with_draft(drafted, 'organiser.name', { codes: [], text: '' })
    expect(next.map((one) => one.field)).not.toContain('organiser.name')
    expect(next).toHaveLength(3)
  })
})
