// Periods, rates and spans, as the numbers' page says them.
import { date_of } from '@/shared/format'
import { t } from '@/shared/i18n'

const k_day_ms = 86_400_000

export const k_periods = ['7', '30', '90', '365'] as const

/** The last `days` days up to today, in China. */
export function last_days(days: number, now: number): { from: string; until: string } {
  return { from: date_of(now - (days - 1) * k_day_ms), until: date_of(now) }
}
/** How many days a period has, both ends in it; 0 for one that is none. */
export function days_in(from: string, until: string): number {
  const days = (Date.parse(`${until}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / k_day_ms + 1
  return Number.isFinite(days) && days > 0 ? days : 0
}

/** "87.5%"; a dash of nothing. */
export function rate(part: number, whole: number): string {
  if (whole === 0) return '—'
  const percent = (part / whole) * 100
  return `${percent === 100 || percent === 0 ? percent : percent.toFixed(1)}%`
}

/** Hours in the unit that a reader would use, exact enough to compare. */
export function span_of(hours: number): string {
  if (hours <= 0) return '0'
  if (hours < 1) return t('numbers.span.minutes', { n: Math.max(1, Math.round(hours * 60)) })
  if (hours < 48) return t('numbers.span.hours', { n: Number(hours.toFixed(1)) })
  return t('numbers.span.days', { n: Number((hours / 24).toFixed(1)) })
}
export const in_days = (hours: number) => Number((hours / 24).toFixed(2))
