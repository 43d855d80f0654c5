import { describe, expect, it } from 'vitest'
import certificate_types from '@data/dictionaries/certificate_types.json'
import natures from '@data/dictionaries/natures.json'
import services from '@data/dictionaries/services.json'
import change_file from '@data/forms/change.json'
import form_file from '@data/forms/first_filing.json'
import type { Content, Dictionaries, Form } from '@/shared/form/types'
import { label_of, sections_of, with_rest, type Names } from './form_document'

const form = form_file as unknown as Form
const names: Names = {
  dictionaries: { natures, certificate_types, services } as unknown as Dictionaries,
  divisions: new Map([['330000', '浙江省']]),
}
const words = { yes: '是', no: '否', long_term: '长期', missing: '' }
const person = {
  name: '样张人甲',
  certificate_type: 2,
  certificate_until: 'long',
  mobile: '13000001234',
}
const sites = [
  {
    key: 's1',
    name: '甲',
    domain: 'a.example',
    services: [8, 24],
    manager_same: true,
    access: { product: '915000000000000001' },
  },
  { key: 's4', name: '乙', domain: 'b.example', manager_same: false, manager: person },
]
const content: Content = {
  organiser: { nature: 4, certificate_type: 1, name: '样张公司', province: '330000' },
  principal: person,
  sites: sites as unknown as Content[],
}
type Material = Parameters<typeof sections_of>[1]['materials'][number]
const picture = (purpose: string, site: string | null = null) =>
  ({ id: `${purpose}${site}`, purpose, site }) as unknown as Material

function read(previous?: Content, materials: Material[] = []) {
  const products = { '915000000000000001': 'ecs-0001 · 华东' }
  const filing = { content, previous, materials, products }
  return sections_of(form, filing, names, 'zh-CN', words, '2026-11-23')
}
const field = (sections: ReturnType<typeof read>, path: string) =>
  sections.flatMap((one) => one.fields).find((one) => one.path === path)

describe('a filing laid out for the reviewer', () => {
  it('says names, not numbers', () => {
    const sections = read()
    expect(field(sections, 'organiser.nature')?.value).toBe('企业')
    expect(field(sections, 'organiser.province')?.value).toBe('浙江省')
    expect(field(sections, 'sites.s1.services')?.value).toBe('单位门户网站、其他')
    expect(field(sections, 'principal.certificate_until')?.value).toBe('长期')
    expect(field(sections, 'sites.s1.manager_same')?.value).toBe('是')
    expect(field(sections, 'sites.s1.access.product')?.value).toBe('ecs-0001 · 华东')
  })
  it('uses the official term for what applicants are asked in plain words', () => {
    expect(field(read(), 'organiser.nature')?.label).toBe('单位性质')
  })
  it('gives each website a section, and its manager one where it is another person', () => {
    expect(read().map((one) => one.id)).toEqual([
      'organiser',
      'principal',
      'sites.s1',
      'sites.s4',
      'sites.s4.manager',
    ])
  })
  it('points at what is missing only where it was asked for', () => {
    const sections = read()
    expect(field(sections, 'organiser.certificate_number')?.empty).toBe(true)
    expect(field(sections, 'sites.s4.manager.email')?.empty).toBe(true)
    expect(field(sections, 'sites.s1.manager.email')).toBeUndefined()
    expect(field(sections, 'organiser.remark')).toBeUndefined()
  })
  it('shows what was submitted before beside what is submitted now', () => {
    const organiser = { ...(content.organiser as Content), nature: 5, remark: '旧' }
    const sections = read({
      ...content,
      organiser,
      sites: (content.sites as Content[]).slice(0, 1),
    })
    expect(field(sections, 'organiser.nature')?.before).toBe('个人')
    expect(field(sections, 'organiser.name')?.before).toBeNull()
    expect(field(sections, 'organiser.remark')).toMatchObject({ before: '旧', empty: true })
    // A website that was not there before is new in every field.
    expect(field(sections, 'sites.s4.domain')?.before).toBe('')
    expect(field(sections, 'sites.s1.domain')?.before).toBeNull()
  })
  it('does not call what a change ticks new: nothing of the kind is registered', () => {
    const whole = change_file as unknown as Form
    const change = { ...whole, pages: whole.pages.slice(0, 1) }
    const filing = {
      content: { ...content, change: { organiser: true } },
      previous: content,
      materials: [],
      products: {},
    }
    const all = sections_of(change, filing, names, 'zh-CN', words, '2026-11-23')
    expect(field(all, 'change.organiser')).toMatchObject({ value: '是', before: null })
  })
  it('puts each picture beside the fields it proves', () => {
    const sections = read(undefined, [
      picture('organiser_certificate'),
      picture('principal_certificate_front'),
      picture('verification_photo'),
      picture('domain_certificate', 's1'),
      picture('manager_certificate_front', 's4'),
      picture('manager_certificate_front', 's1'),
    ])
    const purposes = Object.fromEntries(
      sections.map((one) => [one.id, one.materials.map((material) => material.purpose)]),
    )
    expect(purposes).toEqual({
      organiser: ['organiser_certificate'],
      principal: ['principal_certificate_front', 'verification_photo'],
      'sites.s1': ['domain_certificate', 'manager_certificate_front'],
      'sites.s4': [],
      'sites.s4.manager': ['manager_certificate_front'],
    })
  })
  it('adds what is spoken of but not there', () => {
    const label = (path: string) => label_of(form, path, content, 'zh-CN')
    const named = ['materials.organiser_certificate', 'organiser.name', '']
    const rest = with_rest(read(), named, '缺少的内容', label).at(-1)
    expect(rest?.fields.map((one) => one.label)).toEqual(['单位证件'])
  })
})

describe('names of fields', () => {
  it('lead with the website where there are several', () => {
    expect(label_of(form, 'sites.s4.domain', content, 'zh-CN')).toBe('网站 2 · 域名')
    expect(label_of(form, 'sites.s4.domain', content, 'zh-CN', false)).toBe('域名')
    const one = { ...content, sites: sites.slice(0, 1) as unknown as Content[] }
    expect(label_of(form, 'sites.s1.domain', one, 'zh-CN')).toBe('域名')
  })
  it('are the path for what the form does not know', () => {
    expect(label_of(form, 'organiser.unheard_of', content, 'zh-CN')).toBe('organiser.unheard_of')
  })
})
