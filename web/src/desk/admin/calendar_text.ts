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

/** The lines that can be read, and the first that cannot. Blank lines count for nothing. */
export function read_calendar(text: string): {
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
    if (k_worked.test(line) && days.length > 0) working.push(...days)
    else if (days.length === 1 || days.length === 2)
      holidays.push({
        ...(name ? { name: { 'zh-CN': name, en: name } } : {}),
        from: days[0]!,
        to: days.at(-1)!,
      })
    else bad ??= line
  }
  return { holidays, working, bad }
}
