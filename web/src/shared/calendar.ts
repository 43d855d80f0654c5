// Working days by the official calendar (data/calendar): weekends and holidays are off, some weekends
// are made up for. Used to say how many are left; the limits themselves come from the server.
interface Year {
  holidays: { from: string; to: string }[]
  working: string[]
}
const files = import.meta.glob<string>('../../../data/calendar/*.json', {
  query: '?url',
  import: 'default',
  eager: true,
})

const years = new Map<string, Year>()
async function load_year(year: string): Promise<void> {
  const file = files[`../../../data/calendar/${year}.json`]
  if (!file || years.has(year)) return
  const answer = await fetch(file)
  if (answer.ok) years.set(year, (await answer.json()) as Year)
}

const k_day_ms = 24 * 60 * 60 * 1000
const day_after = (date: string) =>
  new Date(Date.parse(`${date}T00:00:00Z`) + k_day_ms).toISOString().slice(0, 10)

export function is_working_day(date: string, year: Year | undefined): boolean {
  if (year?.working.includes(date)) return true
  if (year?.holidays.some((one) => one.from <= date && date <= one.to)) return false
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay()
  return weekday !== 0 && weekday !== 6
}

/** Working days after `from` up to and including `to`, both YYYY-MM-DD; 0 when `to` is not later. */
export async function working_days_between(from: string, to: string): Promise<number> {
  await Promise.all([...new Set([from.slice(0, 4), to.slice(0, 4)])].map(load_year))
  let count = 0
  for (let date = day_after(from); date <= to; date = day_after(date))
    if (is_working_day(date, years.get(date.slice(0, 4)))) count++
  return count
}
