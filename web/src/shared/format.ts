// Dates, durations and sizes as they are shown: absolute, in the reader's language, Chinese time.
import { locale, t } from './i18n'

const k_zone = 'Asia/Shanghai'

const makers = new Map<string, Intl.DateTimeFormat>()
function parts(ms: number): Record<string, string> {
  let maker = makers.get('parts')
  if (!maker) {
    maker = new Intl.DateTimeFormat('en-GB', {
      timeZone: k_zone,
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
    makers.set('parts', maker)
  }
  return Object.fromEntries(maker.formatToParts(ms).map(({ type, value }) => [type, value]))
}

const k_months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** 2026年11月23日 / 23 Nov 2026 */
export function show_date(ms: number): string {
  const { year, month, day } = parts(ms)
  if (locale.value === 'en') return `${Number(day)} ${k_months[Number(month) - 1]} ${year}`
  return `${year}年${Number(month)}月${Number(day)}日`
}

/** 2026年11月23日 14:05 / 23 Nov 2026 14:05 */
export function show_time(ms: number): string {
  const { hour, minute } = parts(ms)
  return `${show_date(ms)} ${hour}:${minute}`
}

/** YYYY-MM-DD of an instant, in Chinese time. */
export function date_of(ms: number): string {
  const { year, month, day } = parts(ms)
  return `${year}-${month!.padStart(2, '0')}-${day!.padStart(2, '0')}`
}

/** A calendar date such as a certificate's, written YYYY-MM-DD. */
export function show_plain_date(date: string): string {
  return show_date(Date.parse(`${date}T00:00:00+08:00`))
}

export function show_bytes(bytes: number): string {
  if (bytes < 1024 * 1024) return `${Math.max(1, Math.round(bytes / 1024))} KB`
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`
}

/** A wait measured in hours, in the unit a reader would use. */
export function show_hours(hours: number): string {
  if (hours < 1) return t('span.under_hour')
  if (hours < 48) return t('span.hours', { n: Math.round(hours) })
  return t('span.days', { n: Math.round(hours / 24) })
}

/** a、b / a, b */
export const listed = (all: (string | number)[]): string =>
  all.join(locale.value === 'en' ? ', ' : '、')
/** （a） / (a) */
export const in_brackets = (text: string): string =>
  locale.value === 'en' ? ` (${text})` : `（${text}）`
