// The numbers: rolled up from what happened, they are what a count by hand gives.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Applicant, Refused, Staff } from '../support/people.ts'
import { eventually, Platform, root, run } from '../support/platform.ts'

interface Told {
  from: string
  until: string
  submitted: number
  resubmitted: number
  approved: number
  bureau_returned: number
  first_decided: number
  first_passed: number
  waits: Record<string, { count: number; p50: number; p80: number; p95: number }>
  reasons: Record<string, number>
  by_day: Record<string, { submitted?: number; approved?: number }>
  by_province: Record<string, { submitted?: number; approved?: number }>
  reviewers: Record<string, [number, number]>
  mails: number
  mails_refused: number
}
interface Quantiles {
  p50: number
  p80: number
  p95: number
}
interface Numbers {
  rolled_at: number
  totals: Record<string, number>
  series: { unit: string; rows: ({ day: string } & Record<string, number>)[] }
  provinces: ({ province: string } & Record<string, number>)[]
  reasons: { by: string; code: string; text: string; field: string; field_name: string; count: number }[]
  steps: { step: string; province: string; count: number; elapsed: Quantiles; working: Quantiles }[]
  ways: { part: string; count: number; elapsed: Quantiles }[]
  reviewers_all: boolean
  reviewers: { id: string; name: string; passed: number; returned: number; count: number }[]
  messages: { channel: string; notice: string; sent: number; refused: number }[]
  queue: { day: string; rows: unknown[] }
}

let platform: Platform
let senior: Staff
let reviewer: Staff
let told: Told

const numbers = (who: Staff, more = '') =>
  who.call<Numbers>('GET', `/desk/statistics?from=${told.from}&until=${told.until}${more}`)
const table_of = async (who: Staff, part: string) => {
  const answer = await who.raw('GET', `/desk/statistics/${part}?from=${told.from}&until=${told.until}`)
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8'])
  expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="${part}-${told.from}-${told.until}.csv"`)
  return (await answer.text()).trim().split('\r\n')
}
const rebuild = async () => {
  const done = await platform.command(['statistics', 'rebuild', '--config', join(platform.folder, 'rebuild.toml')])
  expect(done.said).toMatch(/\d+ days rolled up/)
}

beforeAll(async () => {
  platform = await Platform.start()
  senior = await Staff.logIn(platform, 'senior')
  reviewer = await Staff.logIn(platform, 'reviewer')
  // Far more days than the job looks back to: those are for the command.
  const made = await run('/usr/bin/python3', [
    join(root, 'tests/support/history.py'), join(platform.var, 'beian.db'), '400', '120', '3',
  ])
  expect(made.status, made.said).toBe(0)
  told = JSON.parse(made.said)
  writeFileSync(join(platform.folder, 'rebuild.toml'), `demo = true\nvar_dir = "${platform.var}"\n`)
  await rebuild()
}, 180_000)
afterAll(async () => platform?.stop())

describe('the numbers of a period', () => {
  test('are what a count by hand gives', async () => {
    const { totals, provinces, reasons, reviewers, messages, series } = await numbers(senior)
    for (const name of ['submitted', 'resubmitted', 'approved', 'bureau_returned', 'first_decided', 'first_passed'] as const)
      expect([name, totals[name]]).toEqual([name, told[name]])
    expect(totals.bureau_first_decided).toBe(400)
    for (const row of provinces)
      expect([row.province, row.submitted, row.approved]).toEqual([
        row.province, told.by_province[row.province]?.submitted, told.by_province[row.province]?.approved,
      ])
    expect(Object.fromEntries(reviewers.map((r) => [r.id, [r.passed, r.returned]]))).toEqual(told.reviewers)
    const found: Record<string, number> = {}
    for (const row of reasons) found[`${row.by}/${row.code}`] = (found[`${row.by}/${row.code}`] ?? 0) + row.count
    expect(found).toEqual(told.reasons)
    expect(reasons.map((r) => r.count)).toEqual([...reasons.map((r) => r.count)].sort((a, b) => b - a))
    for (const row of reasons) expect([row.text, row.field_name].join()).toMatch(/[\u4e00-\u9fff].*[\u4e00-\u9fff]/)
    const sum = (name: 'sent' | 'refused') =>
      messages.filter((m) => m.notice.startsWith('filing_')).reduce((n, m) => n + m[name], 0)
    expect([sum('sent'), sum('refused')]).toEqual([told.mails, told.mails_refused])
    expect(series.unit).toBe('week')
  })

  test('by day are every day, with nothing where nothing was', async () => {
    const until = new Date(Date.parse(told.from) + 20 * 86_400_000).toISOString().slice(0, 10)
    const { series } = await senior.call<Numbers>('GET', `/desk/statistics?from=${told.from}&until=${until}`)
    expect([series.unit, series.rows.length]).toEqual(['day', 21])
    for (const row of series.rows)
      expect([row.day, row.submitted, row.approved]).toEqual([
        row.day, told.by_day[row.day]?.submitted ?? 0, told.by_day[row.day]?.approved ?? 0,
      ])
  })

  test('say how long steps took, within five percent, and whose time it was', async () => {
    const { steps, ways } = await numbers(senior)
    for (const [state, exact] of Object.entries(told.waits)) {
      const row = steps.find((one) => one.step === state && one.province === '')!
      expect([state, row.count]).toEqual([state, exact.count])
      for (const share of ['p50', 'p80', 'p95'] as const) {
        expect(Math.abs(row.elapsed[share] / exact[share] - 1), `${state} ${share}`).toBeLessThan(0.055)
        expect(row.working[share]).toBeLessThanOrEqual(row.elapsed[share] * 1.06)
      }
    }
    // The bureau of one province is twice as fast here, and its own rows say so.
    const bureau = (province: string) => steps.find((s) => s.step === 'bureau_review' && s.province === province)!.elapsed.p50
    expect(bureau('110000')).toBeGreaterThan(1.5 * bureau('330000'))
    expect(ways.map((w) => [w.part, w.count])).toEqual(['total', 'ours', 'applicant', 'bureau'].map((part) => [part, expect.any(Number)]))
    expect(ways[0]!.count).toBe(400)
  })

  test('can be narrowed to a province and a kind', async () => {
    const { totals, provinces } = await numbers(senior, '&province=330000')
    expect(provinces.map((p) => p.province)).toEqual(['330000'])
    expect(totals.submitted).toBe(told.by_province['330000']!.submitted)
    const kinds = await Promise.all(
      ['first_filing', 'new_website', 'new_access', 'change'].map((kind) => numbers(senior, `&kind=${kind}`)),
    )
    expect(kinds.reduce((sum, one) => sum + one.totals.submitted!, 0)).toBe(told.submitted)
  })

  test('are the same when rolled up once more', async () => {
    const before = await numbers(senior)
    await rebuild()
    const after = await numbers(senior)
    expect({ ...after, rolled_at: 0, queue: 0 }).toEqual({ ...before, rolled_at: 0, queue: 0 })
  })

  test('follow what happens by themselves', async () => {
    const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)
    const asked = `/desk/statistics?from=${today}&until=${today}`
    const before = (await senior.call<Numbers>('GET', asked)).totals.withdrawn!
    await platform.sql(
      `INSERT INTO events (id, filing_id, at, actor, action, from_state, to_state) SELECT MAX(id) + 1, MIN(filing_id), ${Date.now()}, 'applicant', 'withdraw', 'initial_review', 'withdrawn' FROM events`,
    )
    await eventually('today rolled up again', async () => (await senior.call<Numbers>('GET', asked)).totals.withdrawn === before + 1)
  })

  test('of people are for seniors; everybody else sees his own', async () => {
    expect((await numbers(senior)).reviewers.length).toBeGreaterThan(1)
    const mine = await numbers(reviewer)
    expect([mine.reviewers_all, mine.reviewers.map((r) => r.name)]).toEqual([false, ['初审员甲']])
    expect(await table_of(reviewer, 'reviewers')).toHaveLength(2)
  })

  test('are of the provinces in somebody’s scope, for whom they are narrowed by it', async () => {
    const give = async (name: string, role: string, scope: object) => {
      const { email, password } = platform.staff[name]!
      const [asks, grants] = [await Staff.logIn(platform, 'security'), await Staff.logIn(platform, 'admin')]
      const { id } = await asks.call<{ id: string }>('POST', '/desk/staff/grants', { email, role, ...scope })
      await grants.call('POST', `/desk/staff/grants/${id}/grant`)
      const staff = new Staff(platform)
      await staff.logIn(email, password)
      return staff
    }
    const here = await give('dispatch', 'senior', { provinces: ['330000'] })
    const all = await numbers(here)
    expect(all.provinces.map((p) => p.province)).toEqual(['330000'])
    expect(all.totals.submitted).toBe(told.by_province['330000']!.submitted)
    expect(new Set(all.steps.map((s) => s.province))).toEqual(new Set(['', '330000']))
    const narrowed = await numbers(senior, '&province=330000')
    expect(all.reviewers.map((r) => [r.name, r.passed])).toEqual(narrowed.reviewers.map((r) => [r.name, r.passed]))
    expect((await numbers(here, '&province=110000')).totals.submitted).toBe(0)
    expect(await table_of(here, 'provinces')).toHaveLength(2)

    await new Applicant(platform).register('counted@applicant.example')
    const of_one = await give('photo', 'senior', { customers: ['counted@applicant.example'] })
    const own = await numbers(of_one)
    expect([own.totals.submitted, own.provinces, own.reasons, own.reviewers_all]).toEqual([0, [], [], false])
  })

  test.each([
    ['from=2026-13-01&until=2026-11-01', 'from', 'day_invalid'],
    ['from=2026-11-02&until=2026-11-01', 'until', 'period_backwards'],
    ['from=2020-01-01&until=2026-11-01', 'from', 'period_too_long'],
    ['from=2026-11-01&until=2026-11-02&province=999999', 'province', 'province_unknown'],
    ['from=2026-11-01&until=2026-11-02&kind=x', 'kind', 'kind_unknown'],
    ['', 'from', 'day_invalid'],
  ])('“%s” is refused at its field', async (query, field, code) => {
    const refused = (await senior.call('GET', `/desk/statistics?${query}`).catch((e: unknown) => e)) as Refused
    expect(refused).toBeInstanceOf(Refused)
    expect([refused.status, refused.problems[0]?.field, refused.problems[0]?.code]).toEqual([422, field, code])
  })
})

describe('a table', () => {
  test.each(['intake', 'provinces', 'reasons', 'steps', 'reviewers', 'messages', 'queue'])('of %s has words over its columns', async (part) => {
    const [head, ...rows] = await table_of(senior, part)
    expect(head).toMatch(/^\uFEFF?[\u4e00-\u9fff]/)
    if (part !== 'queue') expect(rows.length).toBeGreaterThan(0)
    // A quoted cell may hold commas of its own.
    const cells = (line: string) => line.replace(/"[^"]*"/g, '').split(',').length
    for (const row of rows) expect(cells(row)).toBe(cells(head!))
  })
  test('opens in a spreadsheet as well', async () => {
    const answer = await senior.raw('GET', `/desk/statistics/steps?from=${told.from}&until=${told.until}&format=xlsx`)
    expect(Buffer.from(await answer.arrayBuffer()).subarray(0, 2).toString()).toBe('PK')
    expect((await senior.raw('GET', `/desk/statistics/steps?from=${told.from}&until=${told.until}&format=exe`)).status).toBe(404)
  })
  test('of something else is not there', async () => {
    await expect(senior.call('GET', `/desk/statistics/secrets?from=${told.from}&until=${told.until}`)).rejects.toMatchObject({ status: 404 })
  })
})

describe('what applicants are told about waiting', () => {
  const waits = async (query = '') => (await fetch(`${platform.url}/api/v1/waiting_times${query}`)).json() as Promise<{
    minimum: number
    steps: { state: string; count: number; median_hours: number; p80_hours: number; p95_hours: number }[]
  }>
  test('is what this platform saw, of all bureaus and of one', async () => {
    const all = await waits()
    expect(all.steps.map((s) => s.state)).toEqual(['initial_review', 'bureau_review'])
    for (const step of all.steps) {
      expect(step.count).toBe(told.waits[step.state]!.count)
      expect(Math.abs(step.median_hours / told.waits[step.state]!.p50 - 1)).toBeLessThan(0.055)
      expect(step.p80_hours).toBeLessThan(step.p95_hours)
    }
    const quick = (await waits('?province=330000')).steps.find((s) => s.state === 'bureau_review')!
    const slow = (await waits('?province=440000')).steps.find((s) => s.state === 'bureau_review')!
    expect(slow.median_hours).toBeGreaterThan(1.5 * quick.median_hours)
  })
  test('is nothing where too few filings stand behind it', async () => {
    expect(await waits('?province=520000')).toMatchObject({ minimum: 10, steps: [] })
    expect((await fetch(`${platform.url}/api/v1/waiting_times?province=x`)).status).toBe(422)
  })
})
