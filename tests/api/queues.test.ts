// Queues as a reviewer uses them: narrowed, searched, worked on in bulk, taken away as a table; locks
// between colleagues; the clock; and many at once.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Applicant, type DeskFiling, Staff } from '../support/people.ts'
import { eventually, Platform } from '../support/platform.ts'

let platform: Platform
let reviewer: Staff
let senior: Staff
let photo: Staff
const ids: string[] = []
const owners: Applicant[] = []

interface Row {
  id: string
  title: string
  kind: string
  province: string
  nature: number
  overdue: boolean
  assignee: { name: string } | null
}
interface Page {
  rows: Row[]
  total: number
  at_least: boolean
  next?: string
}
const page = (who: Staff, query: string) => who.call<Page>('GET', `/desk/filings?${query}`)
const find = async (q: string) => (await page(reviewer, `queue=all&q=${encodeURIComponent(q)}`)).rows.map((row) => row.id)
const count = async (who: Staff, name: string) =>
  (await who.call<{ queues: { name: string; count: number }[] }>('GET', '/desk/queues')).queues.find((q) => q.name === name)!.count
const bulk = async (who: Staff, body: object) =>
  (await who.call<{ results: { id: string; done: boolean; problem: { code: string; message: string } | null }[] }>('POST', '/desk/bulk', body)).results

beforeAll(async () => {
  platform = await Platform.start()
  reviewer = await Staff.logIn(platform, 'reviewer')
  senior = await Staff.logIn(platform, 'senior')
  photo = await Staff.logIn(platform, 'photo')
  for (let i = 0; i < 6; ++i) {
    const owner = new Applicant(platform)
    await owner.register(`queue${i}@applicant.example`)
    const { id } = await owner.draft({ enterprise: i !== 2, domains: [`queue-lane-${i}.cn`], sequence: 471 + i })
    if (i === 1) await owner.change(id, [{ path: 'organiser.name', to: '=HYPERLINK("http://evil.example")示例公司' }])
    await owner.uploadAll(id)
    await owner.act(id, 'submit')
    ids.push(id)
    owners.push(owner)
  }
}, 240_000)
afterAll(async () => platform?.stop())

describe('a queue', () => {
  test('is narrowed by what the address says, with a total for just that', async () => {
    const all = (await page(reviewer, 'queue=initial_review')).rows
    expect(all).toHaveLength(6)
    const person = all.find((row) => row.id === ids[2])!
    const narrowed = await page(reviewer, `queue=initial_review&nature=${person.nature}&province=${person.province}&kind=first_filing`)
    expect([narrowed.rows.map((row) => row.id), narrowed.total, narrowed.at_least]).toEqual([[ids[2]], 1, false])
    expect(await page(reviewer, 'queue=initial_review&kind=change')).toMatchObject({ rows: [], total: 0 })
    expect(await page(reviewer, 'queue=all&days=1')).toMatchObject({ rows: [], total: 0 })
    expect(await page(reviewer, 'queue=all&days=0&findings=0')).toMatchObject({ total: 6 })
    await platform.sql(`UPDATE filings SET state_since = state_since - 3 * 86400000 WHERE id = ${ids[4]}`)
    expect((await page(reviewer, 'queue=all&days=2')).rows.map((row) => row.id)).toEqual([ids[4]])
  })

  test.each(['kind=none', 'nature=x', 'province=1', 'days=-1', 'findings=9', 'order=sideways', 'after=1.2', 'limit=x'])(
    'refuses “%s” in words',
    async (query) => {
      await expect(page(reviewer, `queue=initial_review&${query}`)).rejects.toMatchObject({ status: 422 })
    },
  )

  test('pages through every order without a gap or a double', async () => {
    for (const order of ['urgent', 'oldest', 'newest']) {
      const seen: string[] = []
      let after = ''
      do {
        const got = await page(reviewer, `queue=initial_review&order=${order}&limit=4${after}`)
        seen.push(...got.rows.map((row) => row.id))
        after = got.next ? `&after=${got.next}` : ''
      } while (after)
      expect([order, [...seen].sort()]).toEqual([order, [...ids].sort()])
    }
  })
})

describe('search', () => {
  test('finds by part of a name or domain, and by the whole of a number', async () => {
    for (const q of ['queue-lane-3', 'UEUE-LANE-3', 'lane-3.cn', ids[3]!]) expect([q, await find(q)]).toEqual([q, [ids[3]]])
    expect((await find('queue-lane')).sort()).toEqual([...ids].sort())
    const { title } = (await page(reviewer, 'queue=all')).rows.find((row) => row.id === ids[3])!
    expect(await find(title.slice(1, 5))).toContain(ids[3])
    const { content } = await reviewer.claim(ids[3]!)
    await reviewer.call('DELETE', `/desk/filings/${ids[3]}/claim`)
    const { organiser, principal } = content as { organiser: { certificate_number: string }; principal: { mobile: string } }
    expect(await find(organiser.certificate_number)).toContain(ids[3])
    expect(await find(principal.mobile)).toContain(ids[3])
    expect(await find(principal.mobile.slice(0, 8))).not.toContain(ids[3])
  })

  test('finds a person by the whole name only, and shows it masked', async () => {
    const { content } = await reviewer.claim(ids[2]!)
    await reviewer.call('DELETE', `/desk/filings/${ids[2]}/claim`)
    const name = (content as { organiser: { name?: string }; principal: { name?: string } }).organiser.name!
    expect(await find(name)).toContain(ids[2])
    expect(await find(name.slice(0, 2) + '某')).not.toContain(ids[2])
    const shown = (await page(reviewer, `queue=all&q=${encodeURIComponent(name)}`)).rows.find((row) => row.id === ids[2])!
    expect(shown.title).not.toBe(name)
    expect(shown.title).toMatch(/\*/)
  })
})

describe('in bulk', () => {
  test('each filing has its own result', async () => {
    await photo.call('POST', `/desk/filings/${ids[0]}/claim`, {}).catch(() => undefined)
    await senior.claim(ids[0]!)
    const results = await bulk(reviewer, { act: 'claim', filings: [{ id: ids[0] }, { id: ids[1] }, { id: '12' }] })
    expect(results.map((r) => [r.id, r.done, r.problem?.code ?? null])).toEqual([
      [ids[0], false, 'claimed_by_other'],
      [ids[1], true, null],
      ['12', false, 'not_found'],
    ])
    expect(results[0]!.problem!.message).toContain('主管丁')
    expect(await count(reviewer, 'mine')).toBe(1)
    expect((await bulk(reviewer, { act: 'release', filings: [{ id: ids[1] }] }))[0]!.done).toBe(true)
    await senior.call('DELETE', `/desk/filings/${ids[0]}/claim`)
    for (const filings of [[], [{ id: ids[0] }, { id: ids[0] }], Array.from({ length: 101 }, (_, i) => ({ id: String(i + 1) }))])
      await expect(bulk(reviewer, { act: 'claim', filings })).rejects.toMatchObject({ status: 422 })
    await expect(bulk(reviewer, { act: 'explode', filings: [{ id: ids[0] }] })).rejects.toMatchObject({ status: 422 })
  })

  test('an applicant is reminded once a day, and only while it is his turn', async () => {
    const { version } = await reviewer.claim(ids[5]!)
    await reviewer.call('POST', `/desk/filings/${ids[5]}/actions/return_initial`, {
      version,
      corrections: [{ field: 'sites.s1.name', text: '名称太泛' }],
    })
    const remind = () => bulk(reviewer, { act: 'remind', filings: [{ id: ids[5] }, { id: ids[1] }] })
    expect((await remind()).map((r) => r.problem?.code ?? null)).toEqual([null, 'remind_not_now'])
    expect((await remind()).map((r) => r.problem?.code ?? null)).toEqual(['reminded_today', 'remind_not_now'])
    await eventually('the reminder', async () =>
      platform.mail.mails().find((mail) => mail.to.includes('queue5@applicant.example') && mail.subject.includes('等您处理')),
    )
  })
})

describe('a table to take away', () => {
  const fetched = async (who: Staff, format: string) => {
    const response = await who.raw('GET', `/desk/export?queue=all&format=${format}`)
    expect(response.status).toBe(200)
    return response
  }
  test('holds what the queue shows, masked, with nothing a spreadsheet would run, and is written down', async () => {
    const csv = await (await fetched(reviewer, 'csv')).text()
    const lines = csv.trim().split('\r\n')
    expect(lines).toHaveLength(ids.length + 1)
    expect(csv).toContain(`"'=HYPERLINK(""http://evil.example"")示例公司"`)
    const { content } = await reviewer.claim(ids[2]!)
    await reviewer.call('DELETE', `/desk/filings/${ids[2]}/claim`)
    expect(csv).not.toContain((content as { organiser: { name: string } }).organiser.name)
    const folder = mkdtempSync(join(tmpdir(), 'beian-xlsx-'))
    writeFileSync(join(folder, 'queue.xlsx'), Buffer.from(await (await fetched(reviewer, 'xlsx')).arrayBuffer()))
    const script =
      'import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); s=z.read("xl/worksheets/sheet1.xml").decode(); print(s.count("<row "), "<f>" in s)'
    expect(execFileSync('/usr/bin/python3', ['-c', script, join(folder, 'queue.xlsx')]).toString().trim()).toBe(`${ids.length + 1} False`)
    const told = await platform.command(['audit', 'verify', '--config', platform.config])
    expect(told.status).toBe(0)
  })
})

describe('a lock', () => {
  test('is taken over with a reason, which the former holder reads; who else looks is shown', async () => {
    const id = ids[1]!
    await reviewer.claim(id)
    type Presence = { holder: { name: string } | null; mine: boolean; version: number; viewers: { name: string }[] }
    const visit = (who: Staff) => who.call<Presence>('POST', `/desk/filings/${id}/presence`)
    expect(await visit(reviewer)).toMatchObject({ mine: true, viewers: [], holder: { name: '初审员甲' } })
    expect((await visit(senior)).viewers.map((v) => v.name)).toEqual(['初审员甲'])
    await expect(senior.call('POST', `/desk/filings/${id}/claim`, { take_over: true, reason: ' ' })).rejects.toMatchObject({
      status: 422,
      reason: 'take_over_reason_missing',
      problems: [{ field: 'reason' }],
    })
    await senior.call('POST', `/desk/filings/${id}/claim`, { take_over: true, reason: '请假交接' })
    expect(await visit(reviewer)).toMatchObject({ mine: false, holder: { name: '主管丁' }, viewers: [{ name: '主管丁' }] })
    await senior.call('DELETE', `/desk/filings/${id}/presence`)
    expect((await visit(reviewer)).viewers).toEqual([])
    const seen = await reviewer.call<DeskFiling>('GET', `/desk/filings/${id}`)
    expect(seen.events.find((e) => e.action === 'taken_over')).toMatchObject({ actor_name: '主管丁', note: '请假交接' })
    await eventually('the notice', async () =>
      platform.mail.mails().find((mail) => mail.to.includes(platform.staff.reviewer!.email) && mail.text.includes('请假交接')),
    )
    await senior.call('DELETE', `/desk/filings/${id}/claim`)
    await expect(owners[1]!.call('POST', `/desk/filings/${id}/presence`)).rejects.toMatchObject({ status: 403 })
  })

  test('a senior gives a case to whoever may decide it, a reviewer only his own', async () => {
    const id = ids[1]!
    const me = (await reviewer.claim(id)).assignee!.id
    await reviewer.call('DELETE', `/desk/filings/${id}/claim`)
    const give = (who: Staff, assignee: string) => bulk(who, { act: 'assign', assignee, filings: [{ id }] })
    expect((await give(photo, me))[0]!.problem!.code).toBe('role_forbidden')
    expect((await give(senior, '77'))[0]!.problem!.code).toBe('assignee_unfit')
    expect((await give(senior, me))[0]!.done).toBe(true)
    expect((await reviewer.call<DeskFiling>('GET', `/desk/filings/${id}`)).masked).toBe(false)
    await reviewer.call('DELETE', `/desk/filings/${id}/claim`)
  })
})

describe('the clock', () => {
  test('raises what is overdue to the top, to its queue and to a senior', async () => {
    const id = ids[3]!
    await platform.sql(`UPDATE filings SET due_at = state_since + 1 WHERE id = ${id}`)
    await platform.sql("UPDATE jobs SET run_at = 0 WHERE kind = 'clocks'")
    await eventually('an overdue filing', async () => (await count(reviewer, 'overdue')) === 1)
    expect((await page(reviewer, 'queue=overdue')).rows).toMatchObject([{ id, overdue: true }])
    expect((await page(reviewer, 'queue=unassigned')).rows[0]!.id).toBe(id)
    await eventually('the seniors’ mail', async () =>
      platform.mail.mails().find((mail) => mail.to.includes(platform.staff.senior!.email) && mail.text.includes('queue-lane-3.cn') && mail.subject.includes('1 份')),
    )
    const next = await reviewer.call<DeskFiling>('POST', '/desk/next')
    expect(next.id).toBe(id)
    await reviewer.call('POST', `/desk/filings/${id}/actions/pass_initial`, { version: next.version })
    expect(await count(reviewer, 'overdue')).toBe(0)
  })

  test('of staff stands still while it is the applicant’s turn, and goes on from there', async () => {
    const id = ids[4]!
    const seen = (which: string) => reviewer.call<DeskFiling>('GET', `/desk/filings/${which}`)
    const fresh = (await seen(ids[1]!)).due_at!
    // The whole of staff's time went by before the first review ended.
    await platform.sql(`UPDATE filings SET state_since = state_since - 30 * 86400000 WHERE id = ${id}`)
    await reviewer.decide(id, 'pass_initial')
    const theirs = (await seen(id)).due_at!
    expect(theirs, 'the applicant has all of his own time').toBeGreaterThan(fresh)
    await owners[4]!.uploadAll(id)
    await owners[4]!.act(id, 'submit_photo')
    const due = (await seen(id)).due_at!
    expect(due, 'one working day is left').toBeLessThan(fresh)
    expect(due).toBeGreaterThan(Date.now())
  })
})

test('of many who ask at once each gets another filing, each is decided once, and the counts are true', async () => {
  const left = (await page(reviewer, 'queue=unassigned')).rows.length
  expect(left).toBeGreaterThan(2)
  const decided: string[] = []
  await Promise.all(
    Array.from({ length: 10 }, async (_, i) => {
      const who = i % 2 ? reviewer : senior
      for (;;) {
        const next = await who.call<DeskFiling>('POST', '/desk/next').catch((e: { reason: string }) => e)
        if ('reason' in next) {
          expect(next.reason).toBe('queue_empty')
          return
        }
        const pass = next.allowed_actions.find((action) => action.startsWith('pass'))!
        await who.call('POST', `/desk/filings/${next.id}/actions/${pass}`, { version: next.version })
        decided.push(next.id)
      }
    }),
  )
  expect(new Set(decided).size).toBe(left)
  expect(decided).toHaveLength(left)
  expect(await count(reviewer, 'unassigned')).toBe(0)
  const told = await platform.command(['check', '--config', platform.config])
  expect(told.said).toContain('counters: good')
})
