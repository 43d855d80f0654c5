import { expect, it } from 'vitest'
import { short_moment, span } from './moments'

const at = (text: string) => Date.parse(text)

it('shows China’s time, with the year only where it is another', () => {
  const now = at('2026-11-23T00:00:00Z')
  expect(short_moment(at('2026-11-22T23:05:00Z'), 'zh-CN', now)).toBe('11月23日 07:05')
  expect(short_moment(at('2025-12-31T15:59:00Z'), 'zh-CN', now)).toBe('2025年12月31日 23:59')
  // Already the new year in China.
  expect(short_moment(at('2025-12-31T16:00:00Z'), 'zh-CN', now)).toBe('1月1日 00:00')
})
it('names a span by its largest unit, whichever way it lies', () => {
  expect(span(20_000)).toEqual({ unit: 'minutes', n: 1 })
  expect(span(-59 * 60_000)).toEqual({ unit: 'minutes', n: 59 })
  expect(span(47 * 3600_000)).toEqual({ unit: 'hours', n: 47 })
  expect(span(-49 * 3600_000)).toEqual({ unit: 'days', n: 2 })
})
