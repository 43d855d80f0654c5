import { describe, expect, it } from 'vitest'
import { addMonths, ageOn, isDay, shanghaiDay } from './dates'
import { materialFromPath, materialPath, problemsAt, whereIs } from './form'
import { siteKeys, valueAt, withValue } from './paths'
import { problem } from './problem'
import type { Content, Form } from './types'

const form = {
  pages: [
    { id: 'organiser', groups: [{ fields: [{ path: 'organiser.name' }] }] },
    {
      id: 'sites',
      each: 'sites',
      groups: [{ fields: [{ path: '.name' }, { path: '.approvals' }] }],
    },
    { id: 'materials', groups: [] },
  ],
} as unknown as Form

describe('paths', () => {
  const content: Content = {
    organiser: { name: 'a' },
    sites: [{ key: 's1', name: 'b' }, { key: 's4' }],
  }
  it('sets a value without touching the rest', () => {
    const changed = withValue(content, 'sites.s4.manager.name', 'c')
    expect(valueAt(changed, 'sites.s4.manager.name')).toBe('c')
    expect(valueAt(changed, 'sites.s1.name')).toBe('b')
    expect(content.sites).toEqual([{ key: 's1', name: 'b' }, { key: 's4' }])
  })
  it('removes with null and ignores websites that are not there', () => {
    expect(withValue(content, 'organiser.name', null)).toEqual({ ...content, organiser: {} })
    expect(withValue(content, 'sites.s9.name', 'x')).toEqual(content)
  })
  it('knows the websites', () => expect(siteKeys(content)).toEqual(['s1', 's4']))
  it('does not reach into prototypes', () =>
    expect(valueAt(content, 'organiser.constructor')).toBeUndefined())
})

describe('where a problem stands', () => {
  it('finds pages, websites and materials', () => {
    expect(whereIs(form, 'organiser.name')?.page.id).toBe('organiser')
    expect(whereIs(form, 'sites.s4.approvals.0.number')).toMatchObject({
      page: { id: 'sites' },
      item: 'sites.s4',
    })
    expect(whereIs(form, 'sites')).toMatchObject({ page: { id: 'sites' }, item: '' })
    expect(whereIs(form, 'sites.s4.materials.approval')).toMatchObject({
      page: { id: 'materials' },
      item: 'sites.s4',
    })
    expect(whereIs(form, 'nothing')).toBeUndefined()
  })
  it('gathers the problems of a field with its parts', () => {
    const all = ['sites.s1.approvals.0.number', 'sites.s1.approval'].map((field) => ({
      ...problem('x'),
      field,
    }))
    expect(problemsAt(all, 'sites.s1.approvals')).toHaveLength(1)
  })
  it('writes material paths both ways', () => {
    for (const place of [
      { site: 's2', purpose: 'approval' },
      { site: '', purpose: 'other' },
    ]) {
      expect(materialFromPath(materialPath(place))).toEqual(place)
    }
    expect(materialFromPath('organiser.name')).toBeUndefined()
  })
})

describe('dates', () => {
  it('knows real days', () => {
    expect(isDay('2024-02-29')).toBe(true)
    for (const bad of ['2026-02-29', '2026-13-01', '2026-1-1', '', '1799-12-31'])
      expect(isDay(bad)).toBe(false)
  })
  it('counts', () => {
    expect(ageOn('2008-11-24', '2026-11-23')).toBe(17)
    expect(ageOn('2008-02-29', '2026-02-28')).toBe(17)
    expect(addMonths('2026-11-30', 3)).toBe('2027-02-28')
    expect(shanghaiDay(Date.UTC(2026, 10, 22, 16))).toBe('2026-11-23')
    expect(shanghaiDay(Date.UTC(2026, 10, 22, 15, 59))).toBe('2026-11-22')
  })
})
