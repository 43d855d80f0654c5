// Times as staff read them: in China's time whatever the computer says, the hour always beside any
// "two days ago".
const k_zone = 'Asia/Shanghai'
const k_minute = 60_000
const k_hour = 60 * k_minute
const k_day = 24 * k_hour

const formats = new Map<string, Intl.DateTimeFormat>()
function format_of(locale: string, name: string, options: Intl.DateTimeFormatOptions) {
  const key = locale + name
  let format = formats.get(key)
  if (!format) {
    format = new Intl.DateTimeFormat(locale, { timeZone: k_zone, hour12: false, ...options })
    formats.set(key, format)
  }
  return format
}

/** 11月23日 14:05; with the year where it is not the present one. */
export function short_moment(at: number, locale: string, now = Date.now()): string {
  const year = format_of(locale, 'year', { year: 'numeric' })
  const date = format_of(
    locale,
    year.format(at) === year.format(now) ? 'day' : 'day-year',
    year.format(at) === year.format(now)
      ? { month: 'short', day: 'numeric' }
      : { year: 'numeric', month: 'short', day: 'numeric' },
  ).format(at)
  return `${date} ${clock(at, locale)}`
}

function clock(at: number, locale: string): string {
  return format_of(locale, 'clock', {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(at)
}

/** The largest unit of a span, rounded down but never to nothing: {unit: 'days', n: 2}. */
export function span(ms: number): { unit: 'minutes' | 'hours' | 'days'; n: number } {
  const length = Math.abs(ms)
  if (length < k_hour) return { unit: 'minutes', n: Math.max(1, Math.floor(length / k_minute)) }
  if (length < 2 * k_day) return { unit: 'hours', n: Math.floor(length / k_hour) }
  return { unit: 'days', n: Math.floor(length / k_day) }
}

const k_china_ms = 8 * k_hour // no summer time

/** An instant as <input type="datetime-local"> has it, and back, in China's time. */
export const to_field = (at: number): string => new Date(at + k_china_ms).toISOString().slice(0, 16)
export const from_field = (text: string): number => {
  const at = Date.parse(`${text}:00+08:00`)
  return Number.isNaN(at) ? 0 : at
}
