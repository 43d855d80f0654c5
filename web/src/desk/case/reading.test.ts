import { describe, expect, it } from 'vitest'
import type { Schemas } from '@/shared/api/client'
import { by_use, field_pattern, type Reason } from '../reasons'
import { appointment_at } from './appointment'
import { parts_of } from './difference'
import { differing, readings_by_field } from './readings'

describe('what was read beside what was typed', () => {
  it('is cut where the two part', () => {
    expect(parts_of('张三丰', '张山丰')).toEqual(['张', '三', '丰'])
    expect(parts_of('aa', 'aaa')).toEqual(['aa', '', ''])
    expect(parts_of('aaa', 'aa')).toEqual(['aa', 'a', ''])
    expect(parts_of('𠮷野', '吉野')).toEqual(['', '𠮷', '野'])
    expect(parts_of('', 'x')).toEqual(['', '', ''])
  })
  it('stands at its field, those that differ first, and says nothing of what was only read', () => {
    const reading = (path: string | null, verdict: string, read: string | null = 'a') => ({
      field: 'name',
      path,
      read,
      typed: 'b',
      verdict,
      fills: false,
    })
    const paper = (id: string, ...readings: object[]) =>
      ({ id, inspection: { readings } }) as unknown as Schemas['Material']
    const found = readings_by_field([
      paper('1', reading('principal.name', 'same'), reading(null, 'only_read')),
      paper('2', reading('principal.name', 'differs'), reading('principal.x', 'missing')),
      { id: '3' } as Schemas['Material'],
    ])
    expect([...found.keys()]).toEqual(['principal.name'])
    expect(found.get('principal.name')!.map((one) => one.verdict)).toEqual(['differs', 'same'])
    expect(differing(found.get('principal.name')![0]!)).toEqual(['', 'a', ''])
  })
})

describe('reasons', () => {
  const reason = (code: string): Reason => ({ code, fields: [], text: {} })
  const reasons = ['a', 'b', 'c', 'd'].map(reason)
  const use = (reason_code: string, here: number, kind: number, all: number) => ({
    field: 'sites.*.name',
    reason_code,
    here,
    kind,
    all,
  })
  it('used most come first: here, then for the kind, then at all; others keep their order', () => {
    const uses = [use('d', 0, 0, 900), use('c', 0, 3, 3), use('b', 1, 1, 1)]
    const order = (field: string) => by_use(reasons, field, uses).map((one) => one.code)
    expect(order('sites.s7.name')).toEqual(['b', 'c', 'd', 'a'])
    expect(order('organiser.name')).toEqual(['a', 'b', 'c', 'd'])
    expect(reasons.map((one) => one.code)).toEqual(['a', 'b', 'c', 'd'])
  })
  it('count for the same field of every website', () => {
    expect(field_pattern('sites.s12.manager.name')).toBe('sites.*.manager.name')
    expect(field_pattern('materials.other')).toBe('materials.other')
  })
})

describe('an appointment', () => {
  it('is meant in Chinese time', () => {
    expect(appointment_at('2026-11-30', '09:30')).toBe(Date.parse('2026-11-30T01:30:00Z'))
    expect(appointment_at('', '')).toBeUndefined()
    expect(appointment_at('', '09:30')).toBeNaN()
    expect(appointment_at('2026-11-30', '')).toBeNaN()
  })
})
