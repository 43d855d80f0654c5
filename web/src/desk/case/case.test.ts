import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { set_ground } from '@/shared/api/client'
import { session } from '@/shared/session'
import { open_case } from './case'

type Sent = {
  path: string
  method: string
  body: { corrections?: { reason_code: string }[]; version?: number }
}
let sent: Sent[] = []
let answers: (() => Response)[] = []
const filing = (drafted: unknown[] = []) => ({
  id: '7',
  version: 3,
  form_version: 'v',
  round: 1,
  state: 'initial_review',
  assignee: { id: '9', name: '甲' },
  draft_corrections: drafted,
})
const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': status < 400 ? 'application/json' : 'application/problem+json' },
  })
const stale = () =>
  json(
    {
      status: 409,
      code: 'stale',
      title: '已由王晓通过',
      reason: 'x',
      request_id: '',
      problems: [],
    },
    409,
  )

beforeEach(() => {
  vi.useFakeTimers()
  sent = []
  answers = []
  sessionStorage.clear()
  session.state.account = { id: '9' } as typeof session.state.account
  set_ground({
    agency: () => '',
    csrf_token: () => 't',
    locale: () => 'zh-CN',
    on_unauthenticated: () => {},
    renew_token: () => Promise.resolve(false),
  })
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  vi.stubGlobal('fetch', async (request: Request) => {
    const path = new URL(request.url).pathname.replace('/api/v1', '')
    const text = await request.text()
    sent.push({ path, method: request.method, body: text ? JSON.parse(text) : {} })
    const answer = answers.shift()
    if (answer) return answer()
    if (path.startsWith('/forms')) return json({ pages: [] })
    if (path === '/desk/reasons') return json({ reasons: [] })
    return json(filing())
  })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const puts = () => sent.filter((one) => one.method === 'PUT')
const codes = (one: Sent | undefined) => one?.body.corrections?.map((c) => c.reason_code)

describe('drafted corrections', () => {
  it('are saved by themselves, several quick changes at once', async () => {
    const the_case = open_case('7')
    await the_case.load()
    the_case.draft('organiser.name', { codes: ['a'], text: '' })
    the_case.draft('organiser.name', { codes: ['a', 'b'], text: '' })
    expect(the_case.state.save).toBe('unsaved')
    await vi.advanceTimersByTimeAsync(1000)
    expect(puts()).toHaveLength(1)
    expect(codes(puts()[0])).toEqual(['a', 'b'])
    expect(the_case.state.save).toBe('saved')
  })
  it('changed while a save is on its way are saved after it', async () => {
    const the_case = open_case('7')
    await the_case.load()
    the_case.draft('organiser.name', { codes: ['a'], text: '' })
    const saving = the_case.save_now()
    the_case.draft('organiser.name', { codes: ['a', 'b'], text: '' })
    await saving
    expect(codes(puts().at(-1))).toEqual(['a', 'b'])
    expect(the_case.state.save).toBe('saved')
    expect(the_case.state.corrections).toHaveLength(2)
  })
  it('that could not be saved stay, also over a reload, until they can', async () => {
    const the_case = open_case('7')
    await the_case.load()
    the_case.draft('organiser.name', { codes: ['a'], text: '' })
    answers = [() => json({}, 500)]
    await the_case.save_now()
    expect(the_case.state.save).toBe('failed')
    await the_case.load()
    expect(the_case.state.corrections).toHaveLength(1)
    await the_case.save_now()
    expect(the_case.state.save).toBe('saved')
    expect(codes(puts().at(-1))).toEqual(['a'])
  })
})

describe('what was typed and could not be saved', () => {
  const mine = filing()
  const theirs = { ...mine, assignee: { id: '8', name: '乙' } }
  const refused = (status: number, code: string) => () =>
    json({ status, code, title: code, reason: 'x', request_id: '', problems: [] }, status)
  /** A page of the case that has loaded, the texts of the desk being there already. */
  async function page(shown: object) {
    const the_case = open_case('7')
    answers = [() => json(shown)]
    await the_case.load()
    return the_case
  }
  it('when the session ended is there after logging in, and is saved then', async () => {
    const before = await page(mine)
    before.draft('organiser.name', { codes: ['a'], text: '' })
    answers = [refused(401, 'unauthenticated')]
    await before.save_now()
    expect(before.state.save).toBe('failed')
    sent = []
    const after = await page({ ...mine, draft_corrections: [{ field: 'x', reason_code: 'b' }] })
    expect(after.state.corrections.map((one) => one.reason_code)).toEqual(['b', 'a'])
    answers = [() => json(mine)]
    await vi.advanceTimersByTimeAsync(1000)
    expect(codes(puts()[0])).toEqual(['b', 'a'])
    expect(after.state.save).toBe('saved')
    expect((await page(mine)).state.corrections).toEqual([])
  })
  it('because a colleague has taken the case stays in sight, and waits until it is claimed again', async () => {
    const the_case = await page(mine)
    the_case.draft('organiser.name', { codes: ['a'], text: '' })
    answers = [refused(409, 'conflict'), () => json(theirs)]
    await the_case.save_now()
    await vi.advanceTimersByTimeAsync(100)
    expect(the_case.state.save).toBe('held')
    expect(the_case.state.corrections.map((one) => one.reason_code)).toEqual(['a'])
    answers = [() => json(mine), () => json(mine)]
    await the_case.claim('还给我')
    sent = []
    await vi.advanceTimersByTimeAsync(1000)
    expect(codes(puts()[0])).toEqual(['a'])
    expect(the_case.state.save).toBe('saved')
  })
  it('is forgotten once the filing was decided by somebody else', async () => {
    const the_case = await page(mine)
    the_case.draft('organiser.name', { codes: ['a'], text: '' })
    answers = [refused(409, 'conflict'), () => json({ ...theirs, state: 'verification' })]
    await the_case.save_now()
    await vi.advanceTimersByTimeAsync(100)
    expect([the_case.state.save, the_case.state.corrections]).toEqual(['saved', []])
  })
  it('for want of a line is tried again by itself', async () => {
    const the_case = await page(mine)
    the_case.draft('organiser.name', { codes: ['a'], text: '' })
    answers = [refused(503, 'unavailable'), () => json(mine)]
    await the_case.save_now()
    expect(the_case.state.save).toBe('failed')
    await vi.advanceTimersByTimeAsync(6000)
    expect(the_case.state.save).toBe('saved')
  })
})

describe('a decision', () => {
  it('names the version that was looked at, and a return takes the corrections along', async () => {
    const the_case = open_case('7')
    await the_case.load()
    the_case.draft('organiser.name', { codes: ['a'], text: '' })
    await the_case.act('return_initial', '')
    const decision = sent.at(-1)
    expect(decision?.path).toBe('/desk/filings/7/actions/return_initial')
    expect(decision?.body.version).toBe(3)
    expect(codes(decision)).toEqual(['a'])
    await vi.advanceTimersByTimeAsync(2000)
    expect(puts()).toEqual([])
  })
  it('that comes too late is refused and loses no correction', async () => {
    const the_case = open_case('7')
    await the_case.load()
    the_case.draft('organiser.name', { codes: ['a'], text: '' })
    answers = [stale]
    await expect(the_case.act('return_initial', '')).rejects.toMatchObject({ code: 'stale' })
    await the_case.load()
    expect(the_case.state.corrections).toHaveLength(1)
    expect(the_case.state.busy).toBe('')
  })
})
