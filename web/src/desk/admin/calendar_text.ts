// A year of the calendar as somebody pastes it from a notice: one line a holiday or a worked day.
export interface CalendarYear {
  year: number
  source?: string
  provisional?: boolean
  holidays: { name?: Record<string, string>; from: string; to: string }[]
  working: string[]
}

export const empty_year = (year: number): CalendarYear => ({
  year,
  source: '',
  provisional: false,
  holidays: [],
  working: [],
})

const k_day = /\d{4}-\d{2}-\d{2}/g
const k_worked = /^(上班|调休|work)/i

const two = (n: string) => n.padStart(2, '0')
const k_span =
  /(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日(?:[至到—–-](?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日)?/gu

interface Span {
  from: string
  to: string
}
function spans_in(sentence: string, year: number): Span[] {
  return [...sentence.matchAll(k_span)].map((found) => {
    const [, y, m = '', d = '', end_y, end_m, end_d] = found
    const from = `${y ?? year}-${two(m)}-${two(d)}`
    const to = end_d ? `${end_y ?? y ?? year}-${two(end_m ?? m)}-${two(end_d)}` : from
    return { from, to }
  })
}

// A line as the State Council's office writes it: "二、春节：2月15日（腊月二十八、周日）至23日（周一）放假调休，
// 共9天。2月14日（周六）、2月28日（周六）上班。" What lies in another year is in that year's table.
function read_notice(
  line: string,
  year: number,
): Pick<CalendarYear, 'holidays' | 'working'> | null {
  const plain = line.replace(/[（(][^（）()]*[）)]/gu, '').replace(/\s+/gu, '')
  const name = /^(?:[一二三四五六七八九十]+、)?([^：:\d]+)[：:]/u.exec(plain)?.[1]
  if (!name) return null
  const first = `${year}-01-01`
  const last = `${year}-12-31`
  const holidays: CalendarYear['holidays'] = []
  const working: string[] = []
  for (const sentence of plain.split(/[。；;]/u)) {
    const spans = spans_in(sentence, year)
    if (/上班/u.test(sentence)) working.push(...spans.map((one) => one.from))
    else if (/放假/u.test(sentence))
      for (const { from, to } of spans)
        if (to >= first && from <= last)
          holidays.push({
            name: { 'zh-CN': name, en: name },
            from: from < first ? first : from,
            to: to > last ? last : to,
          })
  }
  if (!holidays.length && !working.length) return null
  return { holidays, working: working.filter((day) => day >= first && day <= last) }
}

/**
 * The lines that can be read, as the page asks for them or as the notice has them, and the first
 * that cannot. Blank lines count for nothing.
 */
export function read_calendar(
  text: string,
  year: number,
): {
  holidays: CalendarYear['holidays']
  working: string[]
  bad: string | null
} {
  const holidays: CalendarYear['holidays'] = []
  const working: string[] = []
  let bad: string | null = null
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (!line) continue
    const days = line.match(k_day) ?? []
    const name = line
      .replace(k_day, '')
      .replace(/[\s:：—–~至到-]+$/u, '')
      .trim()
    const noticed = days.length === 0 ? read_notice(line, year) : null
    if (noticed) {
      holidays.push(...noticed.holidays)
      working.push(...noticed.working)
    } else if (k_worked.test(line) && days.length > 0) working.push(...days)
    // A day left over in the name would be lost.
    else if ((days.length === 1 || days.length === 2) && !/上班|\d月/u.test(name))
      holidays.push({
        ...(name ? { name: { 'zh-CN': name, en: name } } : {}),
        from: days[0]!,
        to: days.at(-1)!,
      })
    else bad ??= line
  }
  return { holidays, working: working.sort(), bad }
}
